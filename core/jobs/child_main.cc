#include "core/jobs/child_main.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <exception>
#include <utility>

#include "core/jobs/child_context.h"
#include "core/jobs/job_manners.h"
#include "core/jobs/job_process.h"

namespace sluice {

namespace {

constexpr int kFailed = 1;

}  // namespace

std::optional<FileDescriptor> inherited_job_channel() {
  struct stat state {};
  if (::fstat(kJobChannel, &state) != 0 || !S_ISSOCK(state.st_mode)) return std::nullopt;
  // A program that the job starts has no business there.
  if (::fcntl(kJobChannel, F_SETFD, FD_CLOEXEC) != 0) return std::nullopt;
  return FileDescriptor{kJobChannel, "the job's channel"};
}

int run_job(FileDescriptor channel, Function<int(JobContext&)> job) {
  ChildContext context{std::move(channel)};
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
