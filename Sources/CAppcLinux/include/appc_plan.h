// The launch plan's flat form, and what pid 1 and its launcher say to each other.
//
// Stage compiles a LaunchPlan into these bytes and StageInit executes them; both take every constant from
// here. All numbers are 32-bit little endian. A blob is its length, its bytes, one NUL that the length
// does not count, and padding to a multiple of four. A path in a plan is a blob.
//
//   plan    := magic version total-bytes descriptor-count kept apps-directory section app-count app*
//   section := step-count step*
//   step    := opcode payload-bytes payload
//   app     := section process
//   process := payload-bytes payload            (see APPC_PROCESS below)
//
// A descriptor is named by its index: index i is open as number APPC_INIT_FIRST + i when pid 1 starts. Pid 1
// keeps the first `kept` of them (locks, and the directory where it leaves each app's status) and closes the
// others before it lets the first app run.
#ifndef APPC_PLAN_H
#define APPC_PLAN_H

#define APPC_PLAN_MAGIC 0x4e4c5041u /* "APLN" */
#define APPC_PLAN_VERSION 1u
#define APPC_PLAN_LIMIT (16u << 20) /* bytes of a plan */
#define APPC_NONE 0xffffffffu       /* no descriptor, no app */

// What pid 1 finds open besides 0, 1 and 2 (/dev/null).
#define APPC_INIT_PLAN 3
#define APPC_INIT_LAUNCHER 4
#define APPC_INIT_FIRST 5

// Steps of the pod, done by pid 1 before it starts an app.
#define APPC_OP_JOIN_CGROUP 1u     /* descriptor: a v1 tasks file, written with our own "0" */
#define APPC_OP_WRITE_FILE 3u      /* path content: on the host's /proc, before the root is left */
#define APPC_OP_SCRATCH_ROOT 4u    /* a tmpfs of our own becomes /, and every host mount is gone */
#define APPC_OP_LOOPBACK_UP 5u
#define APPC_OP_HOSTNAME 6u        /* name */

// Steps of an app, done by its process in a mount namespace of its own. Targets are paths in the app's
// root and are resolved inside it, whatever links its image holds.
#define APPC_OP_CGROUP_NAMESPACE 2u /* whose root is the app's own group; JOIN_CGROUP is an app's step too */
#define APPC_OP_ROOT_OVERLAY 32u   /* lower writable attributes: upper/ and work/ lie in writable */
#define APPC_OP_ROOT_BIND 33u      /* descriptor attributes */
#define APPC_OP_DIRECTORY 34u      /* mode own target parent name: own = 1 takes even a link's place */
#define APPC_OP_MOUNT 35u          /* attributes option-count type target (key value)* */
#define APPC_OP_ATTACH 36u         /* descriptor kind target: kind = APPC_ATTACH_* */
#define APPC_OP_DEVICE 37u         /* major minor mode target: a character device */
#define APPC_OP_SYMLINK 38u        /* target-path link-text */
#define APPC_OP_READ_ONLY 39u      /* target: a missing one is passed over */
#define APPC_OP_MASK 40u           /* target: a missing one is passed over */
#define APPC_OP_RESTRICT_ROOT 44u  /* attributes: of the root's own mount, once everything is in its place */
#define APPC_OP_ENTER_ROOT 41u     /* pivot_root; the scratch root is gone */
#define APPC_OP_FILE 43u           /* target parent name: an empty file, when nothing is there */
#define APPC_OP_WRITE_OWN_FILE 42u /* target content: in a file system that the plan has just mounted */

/* Mount attributes, with the kernel's own values. */
#define APPC_MOUNT_READ_ONLY 1u
#define APPC_MOUNT_NO_SUID 2u
#define APPC_MOUNT_NO_DEV 4u
#define APPC_MOUNT_NO_EXEC 8u

#define APPC_ATTACH_DIRECTORY 0u
#define APPC_ATTACH_FILE 1u

// The process payload, in this order:
//   uid gid capabilities-low capabilities-high flags cgroup stdin stdout stderr
//   group-count group* name working-directory
//   candidate-count candidate* argument-count argument* environment-count environment*
// cgroup is a descriptor of a v2 cgroup directory to be started in, or APPC_NONE. Candidates are the paths
// that exec tries in order.
#define APPC_PROCESS_NO_NEW_PRIVILEGES 1u

// What pid 1 reports. Each message is one packet of four numbers: kind app step value.
#define APPC_REPORT_BYTES 16
#define APPC_REPORT_FAILED 1u      /* step's index or APPC_AT_*, value: errno */
#define APPC_REPORT_STARTED 2u     /* value: the app's pid in the pod */
#define APPC_REPORT_EXITED 3u      /* value: wait status as wait4 gives it */
#define APPC_REPORT_RUNNING 4u     /* every app has been started */
#define APPC_REPORT_ENDED 5u       /* every app has ended */
#define APPC_REPORT_TRAPPED 6u     /* a defect in pid 1: it stopped itself; value: the signal */

// Where a failure happened when it was no step. A step's index counts the steps of its section from 0.
#define APPC_AT_PLAN 0x80000001u
#define APPC_AT_FORK 0x80000002u
#define APPC_AT_SESSION 0x80000003u
#define APPC_AT_STREAMS 0x80000004u
#define APPC_AT_CAPABILITIES 0x80000005u
#define APPC_AT_GROUPS 0x80000006u
#define APPC_AT_USER 0x80000007u
#define APPC_AT_WORKING_DIRECTORY 0x80000008u
#define APPC_AT_LOOKUP 0x80000009u
#define APPC_AT_EXEC 0x8000000au
#define APPC_AT_LOST 0x8000000bu   /* the app's process was killed before it was ready */

// What the launcher asks. Each message is one packet of two numbers: kind value.
#define APPC_REQUEST_BYTES 8
#define APPC_REQUEST_SIGNAL 1u     /* value: the signal, sent to the first process of every app */
#define APPC_REQUEST_SIGNAL_GROUP 2u /* value: the signal, sent to the process group of every app */

#endif
