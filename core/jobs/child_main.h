#pragma once

#include <optional>

#include "core/base/clock.h"
#include "core/jobs/child_context.h"
#include "sluice/function.h"
#include "sluice/jobs.h"

namespace sluice {

/// What the gateway has given this process; nothing where somebody else has started it.
/// @note Before anything is opened: a descriptor is known by its number.
[[nodiscard]] std::optional<JobChannels> inherited_job_channels();

/// The life of a job's process: it hears what to do, makes way for all others, and calls `job`, whose exception it
/// passes on to the gateway. @return the exit status.
///
/// @param job  What it throws may belong to a library that it has opened: that must stay open until this returns.
/// @note On the main thread, before there are others.
[[nodiscard]] int run_job(JobChannels channels, const Clock& clock, Function<int(JobContext&)> job);

}  // namespace sluice
