#include "tests/load/runner.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <random>
#include <stdexcept>

namespace sluice::load {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kKeptFailures = 8;
constexpr std::chrono::milliseconds kRetransmission{50};  // browsers take so long for a path without a known delay
constexpr double kMostLoss = 0.001;
constexpr std::chrono::milliseconds kMostDelay{50};

Instant monotonic_now() { return std::chrono::steady_clock::now(); }

std::uint64_t seed_of(const Options& options) {
  if (options.seed != 0) return options.seed;
  std::random_device chance;
  return std::uint64_t{chance()} << 32 | chance();
}

std::optional<Recording> replayed(const Options& options) {
  constexpr std::uint32_t kVideoClock = 90'000;
  if (options.replay_file.empty()) return std::nullopt;
  return load_recording(options.replay_file, kVideoClock);
}

int usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

std::vector<ThreadCpu> used_between(const ProcessCpu& before, const ProcessCpu& after) {
  std::vector<ThreadCpu> out;
  for (const auto& [id, thread] : after.threads) {
    const auto earlier = before.threads.find(id);
    const auto base = earlier == before.threads.end() ? std::chrono::nanoseconds{0} : earlier->second.used;
    out.push_back({thread.name, thread.used - base});
  }
  std::ranges::sort(out, std::ranges::greater{}, &ThreadCpu::used);
  return out;
}

/// The busiest thread, or all together on the cores that they share: whichever is nearer to its limit.
double own_share(const ProcessCpu& before, const ProcessCpu& after, std::chrono::nanoseconds elapsed) {
  const std::vector<ThreadCpu> threads = used_between(before, after);
  const auto busiest = threads.empty() ? std::chrono::nanoseconds{0} : threads.front().used;
  const auto shared = (after.used - before.used) / usable_cores();
  return static_cast<double>(std::max(busiest, shared).count()) / static_cast<double>(elapsed.count());
}

}  // namespace

Runner::Runner(const Options& options)
    : options_{options},
      recording_{replayed(options)},
      plan_{make_plan(options, recording_ ? &*recording_ : nullptr)},
      dtls_{DtlsCertificate::generate(std::chrono::system_clock::now()), {.initial_retransmission = kRetransmission}},
      identities_{seed_of(options)} {
  const MediaLoop::Options loop{
      .verify_every = options.verify_every, .rtcp_interval = options.rtcp_interval, .busy_poll = options.busy_poll};
  for (std::uint32_t i = 0; i < options.threads; ++i) {
    loops_.push_back(std::make_unique<MediaLoop>(loop, dtls_, plan_.sources, window_, progress_));
  }
}

DoorServices Runner::services() {
  std::vector<MediaKind> kinds;
  if (options_.audio) kinds.push_back(MediaKind::audio);
  if (options_.video) kinds.push_back(MediaKind::video);
  return {.executor = io_.get_executor(),
          .server = options_.server,
          .own_fingerprint = dtls_.certificate().fingerprint(),
          .open_peer = [this](PeerOrder order) { open_peer(std::move(order)); },
          .restart_ice =
              [this](const IceRestart& restart) {
                for (const auto& loop : loops_) loop->restart_ice(restart);
              },
          .restart_interval = options_.restart_ice,
          .joined = [this] { ++entered_; },
          .failed = [this](const Participant& who, const std::string& reason) { note_failure(who, reason); },
          .identities = identities_,
          .published_kinds = std::move(kinds),
          .extensions = options_.extensions};
}

void Runner::open_peer(PeerOrder order) {
  if (!options_.record_file.empty() && order.subscribes && !std::exchange(recording_given_, true)) {
    order.recorder = &recorder_;
  }
  loops_[next_loop_++ % loops_.size()]->add(std::move(order));
}

void Runner::note_failure(const Participant& participant, const std::string& reason) {
  ++failed_;
  if (report_.failures.size() == kKeptFailures) return;
  report_.failures.push_back("participant " + std::to_string(participant.number) + ": " + reason);
}

Report Runner::run() {
  door_ = make_door(options_.door, services());
  std::exception_ptr failure;
  asio::co_spawn(io_, measure(), [&](std::exception_ptr thrown) {
    failure = thrown;
    door_->stop();
  });
  io_.run();
  for (const auto& loop : loops_) report_.total.add(loop->stop());
  if (failure) std::rethrow_exception(failure);
  if (!options_.record_file.empty()) recorder_.save(options_.record_file);
  return std::move(report_);
}

std::vector<std::size_t> Runner::steps() const {
  if (!options_.ramp) return {plan_.receivers.size()};
  std::vector<std::size_t> out;
  for (std::size_t n = options_.ramp->first; n <= options_.ramp->last; n += options_.ramp->step) {
    out.push_back(n * options_.rooms);
  }
  return out;
}

asio::awaitable<void> Runner::measure() {
  co_await join_all(plan_.senders);
  co_await settle(plan_.senders.size(), 0);
  if (!is_settled(plan_.senders.size(), 0)) {
    throw std::runtime_error{"not all publishers could join" +
                             (report_.failures.empty() ? std::string{} : ": " + report_.failures.front())};
  }
  if (options_.server_pid) report_.memory_before = read_process_memory(*options_.server_pid);

  std::size_t joined = 0;
  for (const std::size_t receivers : steps()) {
    co_await join_all(std::span{plan_.receivers}.subspan(joined, receivers - joined));
    joined = receivers;
    co_await settle(plan_.senders.size(), receivers);
    if (options_.server_pid) report_.memory_after = read_process_memory(*options_.server_pid);
    report_.measurements.push_back(co_await measure_window(receivers));
    const Measurement& measured = report_.measurements.back();
    if (!options_.ramp) break;
    if (measured.loss() > kMostLoss || measured.stats.delay.quantile(0.99) > kMostDelay) break;
    report_.capacity = receivers;
  }
  if (options_.ramp && !report_.capacity) report_.capacity = 0;
  report_.receivers = joined;
  report_.joins_wanted = joined;
  report_.joins_completed = progress_.subscribers_connected;
  report_.expected_streams = expected_streams(plan_, joined);
}

asio::awaitable<void> Runner::sleep_until(Instant then) {
  asio::steady_timer timer{io_, then};
  co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> Runner::join_all(std::span<const Participant> participants) {
  const auto interval = std::chrono::duration_cast<Duration>(std::chrono::duration<double>{1 / options_.join_rate});
  Instant next = monotonic_now();
  for (const Participant& participant : participants) {
    co_await sleep_until(next);
    next += interval;
    door_->enter(participant);
  }
}

bool Runner::is_settled(std::size_t senders, std::size_t receivers) const noexcept {
  const bool media_expected = expected_streams(plan_, receivers) != 0;
  return entered_ + failed_ >= senders + receivers && progress_.publishers_connected >= senders &&
         progress_.subscribers_connected >= receivers &&
         (!media_expected || progress_.subscribers_with_media >= receivers);
}

asio::awaitable<void> Runner::settle(std::size_t senders, std::size_t receivers) {
  const Instant limit = monotonic_now() + options_.settle_limit;
  while (!is_settled(senders, receivers) && monotonic_now() < limit) {
    if (receivers == 0 && failed_ != 0) co_return;  // a publisher is missing for good
    co_await sleep_until(monotonic_now() + 10ms);
  }
}

LoadStats Runner::take_stats() {
  LoadStats out;
  for (const auto& loop : loops_) out.add(loop->take_stats());
  report_.total.add(out);
  return out;
}

asio::awaitable<Measurement> Runner::measure_window(std::size_t receivers) {
  co_await sleep_until(monotonic_now() + options_.warm_up);
  static_cast<void>(take_stats());
  plan_.sources.forget_window();
  const Instant begin = monotonic_now() + 20ms;
  const Instant end = begin + options_.duration;
  window_.set(begin.time_since_epoch() / 1ns, end.time_since_epoch() / 1ns);

  co_await sleep_until(begin);
  const auto server_before = options_.server_pid ? read_process_cpu(*options_.server_pid) : std::nullopt;
  const auto own_before = read_process_cpu(::getpid());
  const std::uint64_t errors_before = udp_receive_buffer_errors();
  const Instant measured_from = monotonic_now();
  co_await sleep_until(end);
  const auto server_after = options_.server_pid ? read_process_cpu(*options_.server_pid) : std::nullopt;
  const auto own_after = read_process_cpu(::getpid());

  Measurement out;
  out.receivers = receivers;
  out.elapsed = monotonic_now() - measured_from;
  co_await sleep_until(end + options_.drain);
  out.stats = take_stats();
  out.buffer_errors = udp_receive_buffer_errors() - errors_before;
  for (const Source& source : plan_.sources.all()) out.sent += source.sent_in_window();
  out.expected = expected_packets(plan_, receivers);
  if (options_.simulcast > 1) out.expected = out.stats.received;  // which layers were chosen is the server's affair
  if (server_before && server_after) {
    out.server_cpu = server_after->used - server_before->used;
    out.server_threads = used_between(*server_before, *server_after);
  }
  if (own_before && own_after) out.generator_share = own_share(*own_before, *own_after, out.elapsed);
  co_return out;
}

}  // namespace sluice::load
