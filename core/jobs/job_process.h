#pragma once

#include <string>

#include "core/base/file_descriptor.h"

namespace sluice {

/// Where a job finds its end of the channel.
inline constexpr int kJobChannel = 3;

/// The gateway's own program, even where its file has been replaced since.
inline constexpr const char* kOwnProgram = "/proc/self/exe";

/// A child process and its ends on our side, none of which a child inherits.
struct JobProcess {
  int pid;
  FileDescriptor handle;   ///< pidfd_open(2): readable when the process has ended
  FileDescriptor channel;  ///< stream socket; the other end is kJobChannel
  FileDescriptor errors;   ///< reads what it writes to standard output and standard error
};

/// Starts `program --job <library> <job>`: in a process group of its own, with every signal at its default, SIGTERM
/// blocked until the job is ready to hear it, and no descriptor but /dev/null, the errors and the channel.
/// Throws std::system_error.
///
/// @note What the process wants to be told when it dies is bound to the calling thread: it has to live as long as the
/// gateway. Returns once the program runs, and copies no memory (posix_spawn(3)).
[[nodiscard]] JobProcess start_job_process(const std::string& program, const std::string& library,
                                           const std::string& job);

/// By JobProcess::handle, as a process number may be another process's by now. One that has ended hears nothing.
void signal_process(int handle, int signal) noexcept;

}  // namespace sluice
