#pragma once

#include <cstddef>

namespace sluice {

/// Of one message between a plugin and its job, as JSON.
inline constexpr std::size_t kMaxJobMessage = 64 << 10;
/// Of what a job is started with, as JSON.
inline constexpr std::size_t kMaxJobArguments = 1 << 20;
/// Around a message or the arguments in their line.
inline constexpr std::size_t kJobEnvelope = 256;
/// Messages to one job that wait for it.
inline constexpr std::size_t kMaxJobQueue = 1024;
/// Of records to one job that wait for it: what the socket is asked to hold, in bytes.
inline constexpr int kJobRecordsBuffer = 256 << 10;
/// Of what a job has written to standard error, the last of it.
inline constexpr std::size_t kJobErrorTail = 4 << 10;
/// A longer line of standard error counts as several.
inline constexpr std::size_t kMaxErrorLine = 1 << 10;
/// Jobs of one plugin at the same time.
inline constexpr std::size_t kMaxJobs = 64;

}  // namespace sluice
