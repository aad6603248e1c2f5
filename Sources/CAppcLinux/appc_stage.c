#include "appc_stage.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/openat2.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int result(long value) { return value < 0 ? -errno : (int)value; }

int appc_memfd(const char *name) {
  // MFD_EXEC (0x10) says that this one is meant to be run; kernels before 6.3 do not know the flag.
  long fd = syscall(SYS_memfd_create, name, MFD_CLOEXEC | MFD_ALLOW_SEALING | 0x10u);
  if (fd < 0 && errno == EINVAL) fd = syscall(SYS_memfd_create, name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
  return result(fd);
}

int appc_seal(int descriptor) {
  return result(
      fcntl(descriptor, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE));
}

int appc_detached_tree(int directory, const char *path, uint32_t flags) {
  unsigned recursive = flags & APPC_TREE_RECURSIVE ? AT_RECURSIVE : 0;
  unsigned follow = flags & APPC_TREE_NO_FOLLOW ? AT_SYMLINK_NOFOLLOW : 0;
  unsigned empty = path[0] == 0 ? AT_EMPTY_PATH : 0;
  int fd = result(syscall(
      SYS_open_tree, directory, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | recursive | follow | empty));
  if (fd < 0) return fd;
  // A clone of a shared mount is a peer of it: what is mounted on it would appear on the host.
  struct mount_attr attributes = {
      .attr_set = (flags & APPC_TREE_READ_ONLY ? MOUNT_ATTR_RDONLY : 0) |
                  (flags & APPC_TREE_NO_SUID ? MOUNT_ATTR_NOSUID : 0) |
                  (flags & APPC_TREE_NO_DEV ? MOUNT_ATTR_NODEV : 0),
      .propagation = MS_PRIVATE,
  };
  if (syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH | recursive, &attributes, sizeof attributes) != 0) {
    int error = -errno;
    close(fd);
    return error;
  }
  return fd;
}

int appc_stage_open(int directory, const char *path, uint64_t flags, uint32_t resolve) {
  struct open_how how = {
      .flags = flags | O_CLOEXEC,
      .resolve = RESOLVE_NO_MAGICLINKS | (resolve & APPC_RESOLVE_IN_ROOT ? RESOLVE_IN_ROOT : 0) |
                 (resolve & APPC_RESOLVE_NO_SYMLINKS ? RESOLVE_NO_SYMLINKS : 0),
  };
  long fd;
  do fd = syscall(SYS_openat2, directory, path, &how, sizeof how);
  while (fd < 0 && (errno == EINTR || errno == EAGAIN));
  return result(fd);
}

uint64_t appc_o_path(void) { return O_PATH; }

int appc_packet_pair(int *first, int *second) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) return -errno;
  *first = pair[0];
  *second = pair[1];
  return 0;
}

int appc_poll_read(int descriptor, int milliseconds) {
  struct pollfd watched = {.fd = descriptor, .events = POLLIN};
  int ready = poll(&watched, 1, milliseconds);
  return ready < 0 ? -errno : ready;
}

// The program reads struct bpf_cgroup_dev_ctx {access_type, major, minor}: access_type holds the kind of
// device in its low half and the access bits in its high half.
enum { rules_limit = 64, frame_instructions = 11, rule_instructions = 7 };

static struct bpf_insn instruction(uint8_t code, uint8_t to, uint8_t from, int16_t offset, int32_t value) {
  return (struct bpf_insn){.code = code, .dst_reg = to, .src_reg = from, .off = offset, .imm = value};
}

// Allows when access (r3), major (r4) and minor (r5) all match; goes on to the next rule otherwise.
static uint32_t compile_rule(struct bpf_insn *code, const uint32_t *rule) {
  int16_t end = (int16_t)(5 + (rule[0] != APPC_ANY) + (rule[1] != APPC_ANY));
  int16_t n = 0;
  code[n++] = instruction(BPF_ALU64 | BPF_MOV | BPF_X, 6, 3, 0, 0);
  code[n++] = instruction(BPF_ALU64 | BPF_AND | BPF_K, 6, 0, 0, (int32_t)(~rule[2] & 7u));
  code[n] = instruction(BPF_JMP | BPF_JNE | BPF_K, 6, 0, (int16_t)(end - n - 1), 0);
  n++;
  for (int part = 0; part < 2; part++) {
    if (rule[part] == APPC_ANY) continue;
    uint8_t number = part == 0 ? 4 : 5;
    code[n] = instruction(BPF_JMP | BPF_JNE | BPF_K, number, 0, (int16_t)(end - n - 1), (int32_t)rule[part]);
    n++;
  }
  code[n++] = instruction(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 1);
  code[n++] = instruction(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
  return (uint32_t)n;
}

int appc_attach_device_rules(int cgroup, const uint32_t *rules, uint32_t count) {
  struct bpf_insn code[frame_instructions + rules_limit * rule_instructions];
  if (count > rules_limit) return -E2BIG;
  uint32_t n = 0;
  code[n++] = instruction(BPF_LDX | BPF_MEM | BPF_W, 2, 1, 0, 0);
  code[n++] = instruction(BPF_ALU64 | BPF_MOV | BPF_X, 3, 2, 0, 0);
  code[n++] = instruction(BPF_ALU64 | BPF_RSH | BPF_K, 3, 0, 0, 16);
  code[n++] = instruction(BPF_ALU64 | BPF_AND | BPF_K, 2, 0, 0, 0xffff);
  code[n++] = instruction(BPF_LDX | BPF_MEM | BPF_W, 4, 1, 4, 0);
  code[n++] = instruction(BPF_LDX | BPF_MEM | BPF_W, 5, 1, 8, 0);
  // Only character devices are ever allowed.
  code[n++] = instruction(BPF_JMP | BPF_JEQ | BPF_K, 2, 0, 2, BPF_DEVCG_DEV_CHAR);
  code[n++] = instruction(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0);
  code[n++] = instruction(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
  for (uint32_t i = 0; i < count; i++) n += compile_rule(code + n, rules + 3 * i);
  code[n++] = instruction(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0);
  code[n++] = instruction(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);

  union bpf_attr load;
  memset(&load, 0, sizeof load);
  load.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
  load.insns = (uint64_t)(uintptr_t)code;
  load.insn_cnt = n;
  load.license = (uint64_t)(uintptr_t) "Apache-2.0";
  long program = syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof load);
  if (program < 0) return -errno;

  union bpf_attr attach;
  memset(&attach, 0, sizeof attach);
  attach.target_fd = (uint32_t)cgroup;
  attach.attach_bpf_fd = (uint32_t)program;
  attach.attach_type = BPF_CGROUP_DEVICE;
  attach.attach_flags = BPF_F_ALLOW_MULTI;
  int outcome = result(syscall(SYS_bpf, BPF_PROG_ATTACH, &attach, sizeof attach));
  close((int)program);
  return outcome;
}
