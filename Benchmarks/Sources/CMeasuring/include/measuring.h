#ifndef MEASURING_H
#define MEASURING_H

// What measuring needs of Linux and Swift cannot call. All return a negative errno when they fail.

// Orphans of our children become our children: their CPU time is counted, and nothing outlives a round.
int measuring_adopt_orphans(void);

// Makes a mount namespace that lacks the mounts at `hidden`, and returns a descriptor of it; the calling thread
// stays where it is.
int measuring_mounts_without(const char *const *hidden, unsigned count);

// Moves the calling thread into a mount namespace.
int measuring_enter_mounts(int mounts);

// Gives the calling thread a mount namespace of its own, whose mounts nobody else sees and which end with the last
// process in it.
int measuring_leave_mounts(void);

// A descriptor of the calling thread's mount namespace.
int measuring_own_mounts(void);

// Gives memory that was freed back to the kernel, as far as it can be. Cannot fail.
void measuring_give_back_memory(void);

#endif
