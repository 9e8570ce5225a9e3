#pragma once

#include <optional>
#include <string>

#include "core/base/file_descriptor.h"

namespace sluice {

/// Where a job finds its end of the channel.
inline constexpr int kJobChannel = 3;
/// Where it finds its end of the records, if it has any.
inline constexpr int kJobRecords = 4;

/// The gateway's own program, even where its file has been replaced since.
inline constexpr const char* kOwnProgram = "/proc/self/exe";

/// A child process and its ends on our side, none of which a child inherits.
struct JobProcess {
  int pid;
  FileDescriptor handle;                  ///< pidfd_open(2): readable when the process has ended
  FileDescriptor channel;                 ///< stream socket; the other end is kJobChannel
  FileDescriptor errors;                  ///< reads what it writes to standard output and standard error
  std::optional<FileDescriptor> records;  ///< SOCK_SEQPACKET socket; the other end is kJobRecords
};

struct JobLaunch {
  std::string program;
  std::string library;
  std::string job;
  bool records = false;  ///< whether it gets a way for them
};

/// Starts `program --job <library> <job>`: in a process group of its own, with every signal at its default, SIGTERM
/// blocked until the job is ready to hear it, and no descriptor but /dev/null, the errors, the channel and the records.
/// Throws std::system_error.
///
/// @note What the process wants to be told when it dies is bound to the calling thread: it has to live as long as the
/// gateway. Returns once the program runs, and copies no memory (posix_spawn(3)).
[[nodiscard]] JobProcess start_job_process(const JobLaunch& launch);

/// By JobProcess::handle, as a process number may be another process's by now. One that has ended hears nothing.
void signal_process(int handle, int signal) noexcept;

}  // namespace sluice
