// long appc_clone3(struct clone_args *arguments, size_t size, int (*entry)(void *), void *argument)
//
// clone3 for a child that shares our memory: it may not return through the caller's frame, so it goes
// straight to `entry` on the stack that `arguments` names, and exits with what that returns. Glibc's clone
// takes no 64-bit flags, and its interceptor aborts under the thread sanitizer.
#if defined(__x86_64__)
    .text
    .globl appc_clone3
    .hidden appc_clone3
    .type appc_clone3, @function
appc_clone3:
    endbr64
    movq %rdx, %r8
    movq %rcx, %r9
    movl $435, %eax
    syscall
    testq %rax, %rax
    jnz 1f
    xorl %ebp, %ebp
    movq %r9, %rdi
    callq *%r8
    movl %eax, %edi
    movl $60, %eax
    syscall
    hlt
1:  retq
    .size appc_clone3, . - appc_clone3
#elif defined(__aarch64__)
    .text
    .globl appc_clone3
    .hidden appc_clone3
    .type appc_clone3, %function
appc_clone3:
    mov x8, #435
    svc #0
    cbnz x0, 1f
    mov x29, xzr
    mov x30, xzr
    mov x0, x3
    blr x2
    mov x8, #93
    svc #0
    brk #1
1:  ret
    .size appc_clone3, . - appc_clone3
#else
#error "swift-appc launches pods on x86-64 and aarch64"
#endif
    .section .note.GNU-stack, "", %progbits
