import Testing

/// Tests that take minutes and many processes: of system calls that fail, and of processes that are killed.
///
/// One after another. A test that waits for a process of its own holds a thread of the pool while it reads the
/// process's output, so that on a machine of two cores two of them would hold up the others, whose time is limited.
@Suite("What is cut short", .serialized)
struct CrashTests {}
