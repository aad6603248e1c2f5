// What Swift cannot call by itself: prototypes in plain integers, -errno returned. The feature macro that
// some of these need is defined for the implementations alone (see Package.swift): in a public header it
// would change the meaning of Glibc's own types in every importer.
#ifndef CAPPC_LINUX_H
#define CAPPC_LINUX_H

#include "appc_plan.h"
#include "appc_stage.h"
#if __has_include("appc_files.h")
#include "appc_files.h"
#endif
#if __has_include("appc_store.h")
#include "appc_store.h"
#endif

#endif
