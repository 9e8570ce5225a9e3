#pragma once

#include <optional>

#include "core/base/file_descriptor.h"
#include "sluice/function.h"
#include "sluice/jobs.h"

namespace sluice {

/// The channel that the gateway has given this process; nothing where somebody else has started it.
[[nodiscard]] std::optional<FileDescriptor> inherited_job_channel();

/// The life of a job's process: it hears what to do, makes way for all others, and calls `job`, whose exception it
/// passes on to the gateway. @return the exit status.
///
/// @param job  What it throws may belong to a library that it has opened: that must stay open until this returns.
/// @note On the main thread, before there are others.
[[nodiscard]] int run_job(FileDescriptor channel, Function<int(JobContext&)> job);

}  // namespace sluice
