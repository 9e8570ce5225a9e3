#include "tests/congestion/dumbbell.h"

#include <algorithm>
#include <cstdlib>

namespace sluice::congestion {
namespace {

constexpr Duration kTraceInterval = 100ms;
constexpr std::size_t kAmpleQueue = 16 * 1024 * 1024;  // only its time bounds a queue

}  // namespace

Dumbbell::Dumbbell(const Config& config)
    : config_{config}, network_{config.seed, Instant{} + 1h}, begin_{network_.now()} {
  const auto add = [&](Line& line, DataRate rate) {
    line.bottleneck = &network_.add_bottleneck({.rate = rate, .queue_bytes = kAmpleQueue, .queue_time = config_.queue});
    line.rates[begin_] = rate;
  };
  add(forward_, config_.forward);
  add(backward_, config_.backward);
  if (const char* folder = std::getenv("SLUICE_CONGESTION_TRACE")) {
    trace_.open(std::string{folder} + "/" + config_.name + ".csv");
    trace_ << "ms,flow,capacity_kbps,estimate_kbps,arrived_kbps,queue_ms,by_delay,by_loss,acknowledged,known_capacity,"
              "probes,trend,threshold,paced\n";
  }
}

Dumbbell::~Dumbbell() = default;

Dumbbell::Pair Dumbbell::connect(Duration delay, Direction direction) {
  const Pair pair{Address{next_address_}, Address{next_address_ + 1}};
  next_address_ += 2;
  const simulation::Link link{
      .delay = delay, .jitter = config_.jitter, .jitter_order = simulation::JitterOrder::is_kept, .loss = config_.loss};
  network_.set_link(pair.sender, pair.receiver, link);
  network_.set_link(pair.receiver, pair.sender, link);
  const bool forward = direction == Direction::forward;
  network_.route_through(pair.sender, pair.receiver, *(forward ? forward_ : backward_).bottleneck);
  network_.route_through(pair.receiver, pair.sender, *(forward ? backward_ : forward_).bottleneck);
  return pair;
}

MediaFlow& Dumbbell::add_media(const FlowConfig& config) {
  const Duration delay = config.delay.value_or(config_.delay);
  const Pair pair = connect(delay, config.direction);
  MediaFlow::Config flow{.sender = pair.sender,
                         .receiver = pair.receiver,
                         .source = config.source,
                         .estimator = {.start = config.start},
                         .base_delay = delay};
  flow.source.seed += media_.size();
  media_.push_back({std::make_unique<MediaFlow>(network_, flow), config.direction});
  return *media_.back().flow;
}

TcpFlow& Dumbbell::add_tcp() {
  const Pair pair = connect(config_.delay, Direction::forward);
  return *tcp_.emplace_back(std::make_unique<TcpFlow>(
      network_, TcpFlow::Config{.sender = pair.sender, .receiver = pair.receiver, .base_delay = config_.delay}));
}

void Dumbbell::vary(std::span<const RateStep> steps, Direction direction) {
  Line& varied = line(direction);
  network_.vary_rate(*varied.bottleneck, steps);
  for (const RateStep& step : steps) varied.rates[now() + step.after] = step.rate;
}

void Dumbbell::run_for(Duration time) {
  const Instant end = now() + time;
  while (now() < end) {
    network_.run_until(std::min(end, now() + kTraceInterval));
    if (trace_.is_open()) trace();
  }
}

void Dumbbell::trace() {
  const Window last{now() - kTraceInterval, now()};
  for (std::size_t i = 0; i < media_.size(); ++i) {
    const MediaFlow& flow = *media_[i].flow;
    const BandwidthTrace parts = flow.estimator().trace();
    std::vector<Duration> delays;
    flow.log().collect_queue_delays(last, delays);
    trace_ << std::chrono::duration_cast<std::chrono::milliseconds>(now() - begin_).count() << ',' << i << ','
           << line(media_[i].direction).bottleneck->config().rate.kbps() << ',' << flow.estimator().estimate().kbps()
           << ',' << flow.log().rate(last).kbps() << ',' << quantile(delays, 0.5).count() << ','
           << parts.by_delay.kbps() << ',' << parts.by_loss.value_or(DataRate{}).kbps() << ','
           << parts.acknowledged.value_or(DataRate{}).kbps() << ',' << parts.capacity.value_or(DataRate{}).kbps() << ','
           << flow.probes() << ',' << parts.trend << ',' << parts.threshold << ',' << flow.pacer().queued_bytes()
           << '\n';
  }
}

double Dumbbell::capacity_bytes(const Window& window, Direction direction) const {
  const auto& rates = (direction == Direction::forward ? forward_ : backward_).rates;
  double bytes = 0;
  for (auto step = rates.begin(); step != rates.end(); ++step) {
    const auto after = std::next(step);
    const Instant from = std::max(window.from, step->first);
    const Instant to = after == rates.end() ? window.to : std::min(window.to, after->first);
    if (from < to) bytes += static_cast<double>(step->second.bytes_in(to - from));
  }
  return bytes;
}

double Dumbbell::utilisation(const Window& window, Direction direction) const {
  std::size_t bytes = 0;
  for (const Media& media : media_) {
    if (media.direction == direction) bytes += media.flow->log().bytes_arrived(window);
  }
  return static_cast<double>(bytes) / capacity_bytes(window, direction);
}

std::chrono::milliseconds Dumbbell::queue_delay(const Window& window, double share, Direction direction) const {
  std::vector<Duration> delays;
  for (const Media& media : media_) {
    if (media.direction == direction) media.flow->log().collect_queue_delays(window, delays);
  }
  return quantile(std::move(delays), share);
}

double Dumbbell::loss(const Window& window, Direction direction) const {
  // What was sent last is still on its way.
  const Window sent{window.from, std::min(window.to, now() - 1s)};
  double worst = 0;
  for (const Media& media : media_) {
    if (media.direction == direction) worst = std::max(worst, media.flow->log().loss(sent));
  }
  return worst;
}

std::chrono::milliseconds Dumbbell::settled_after(Duration from, double share, Direction direction) const {
  constexpr auto kStep = 100ms;
  for (auto after = 0ms; after < 60s; after += kStep) {
    if (utilisation(window(from + after, from + after + 500ms), direction) >= share) return after + 500ms;
  }
  return 60s;
}

Figures Dumbbell::figures(const std::string& scenario, const Window& window, Direction direction) const {
  return {.scenario = scenario,
          .utilisation = utilisation(window, direction),
          .queue_p50 = queue_delay(window, 0.5, direction),
          .queue_p95 = queue_delay(window, 0.95, direction),
          .loss = loss(window, direction)};
}

}  // namespace sluice::congestion
