#include "core/jobs/child_main.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <exception>
#include <utility>

#include "core/jobs/job_manners.h"
#include "core/jobs/job_process.h"

namespace sluice {

namespace {

constexpr int kFailed = 1;

std::optional<FileDescriptor> inherited_socket(int number, int type) {
  int found = 0;
  socklen_t size = sizeof found;
  if (::getsockopt(number, SOL_SOCKET, SO_TYPE, &found, &size) != 0 || found != type) return std::nullopt;
  // A program that the job starts has no business there.
  if (::fcntl(number, F_SETFD, FD_CLOEXEC) != 0) return std::nullopt;
  return FileDescriptor{number, "a job's channel"};
}

}  // namespace

std::optional<JobChannels> inherited_job_channels() {
  auto messages = inherited_socket(kJobChannel, SOCK_STREAM);
  if (!messages) return std::nullopt;
  return JobChannels{std::move(*messages), inherited_socket(kJobRecords, SOCK_SEQPACKET)};
}

int run_job(JobChannels channels, const Clock& clock, Function<int(JobContext&)> job) {
  ChildContext context{std::move(channels), clock};
  auto start = context.read_start();
  if (!start || !die_with(start->parent)) return kFailed;
  give_way(start->nice, start->cpus);
  context.set_arguments(std::move(start->arguments));
  try {
    return job(context);
  } catch (const std::exception& error) {
    context.fail(error.what());
  } catch (...) {
    context.fail("it threw something that is no std::exception");
  }
  return kFailed;
}

}  // namespace sluice
