#include "core/jobs/job_manners.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <string_view>

namespace sluice {

namespace {

// Half of the scale's range: before the gateway, after what asks to be the first.
constexpr std::string_view kOomScore = "500";

// `most` of the processors that the process may use. Which ones depends on the process, so that two do not share one.
void keep_to(unsigned most) noexcept {
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  const auto count = static_cast<unsigned>(CPU_COUNT(&allowed));
  if (most == 0 || most >= count) return;

  const unsigned first = static_cast<unsigned>(::getpid()) % count;
  cpu_set_t mine;
  CPU_ZERO(&mine);
  for (int cpu = 0, index = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &allowed)) continue;
    if ((static_cast<unsigned>(index++) + count - first) % count < most) CPU_SET(cpu, &mine);
  }
  ::sched_setaffinity(0, sizeof mine, &mine);
}

}  // namespace

bool die_with(int parent) noexcept { return ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && ::getppid() == parent; }

void give_way(int nice, std::optional<unsigned> cpus) noexcept {
  ::setpriority(PRIO_PROCESS, 0, nice);
  const sched_param batch{};
  ::sched_setscheduler(0, SCHED_BATCH, &batch);
  if (cpus) keep_to(*cpus);
  const int score = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (score < 0) return;
  static_cast<void>(::write(score, kOomScore.data(), kOomScore.size()));
  ::close(score);
}

}  // namespace sluice
