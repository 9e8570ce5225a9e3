#include "core/media/engine/media_engine.h"

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <utility>

#include "core/media/engine/engine_context.h"
#include "core/media/engine/engine_inspector.h"
#include "core/media/engine/full_ice_connection.h"
#include "core/media/engine/local_addresses.h"
#include "core/media/engine/producer_handle.h"
#include "core/media/engine/router_handle.h"
#include "core/media/engine/transport_handle.h"
#include "core/media/engine/worker_metrics.h"
#include "core/media/ortc/router_capabilities.h"

namespace sluice {

namespace {

/// How far the metrics may lie behind.
constexpr Duration kMetricsInterval = std::chrono::seconds{2};
/// Batches of who speaks that wait for the control thread; further ones come later.
constexpr unsigned kMaxSpeakerBacklog = 64;

SocketAddress parse_listen(const std::string& text, std::uint16_t port) {
  const auto address = SocketAddress::parse(text, port);
  if (!address) throw std::runtime_error{"media.ice.listen_addresses: '" + text + "' is no numeric address"};
  return *address;
}

std::vector<std::string> announced_for(const SocketAddress& listen, const std::vector<std::string>& announced) {
  std::vector<std::string> fitting;
  for (const std::string& text : announced) {
    const auto address = SocketAddress::parse(text, 1);
    if (address && address->is_ipv6() == listen.is_ipv6()) fitting.push_back(text);
  }
  if (fitting.empty() && listen.is_any()) return interface_addresses(listen);
  return fitting;
}

std::vector<IceCandidate> candidates_of(const MediaWorker& worker, const std::vector<std::string>& announced) {
  std::vector<HostEndpoint> endpoints;
  const auto add = [&](const SocketAddress& local, IceProtocol protocol) {
    endpoints.push_back({.listen = local, .protocol = protocol, .announced = announced_for(local, announced)});
  };
  for (const UdpSocket& socket : worker.ports().udp) add(socket.local(), IceProtocol::udp);
  for (const TcpListener& listener : worker.ports().tcp) add(listener.local(), IceProtocol::tcp);
  const auto made = make_host_candidates(endpoints);
  if (!made) {
    throw std::runtime_error{
        "media.ice: no candidate can be made of listen_addresses and announced_addresses; "
        "announce the numeric addresses by which clients reach this machine"};
  }
  std::vector<IceCandidate> candidates;
  for (const IceCandidateInfo& info : *made) {
    candidates.push_back({.foundation = info.foundation,
                          .priority = info.priority,
                          .ip = info.ip,
                          .address = info.ip,
                          .protocol = info.protocol,
                          .port = info.port,
                          .type = info.type,
                          .tcp_type = info.tcp_type});
  }
  return candidates;
}

}  // namespace

class MediaEngine::Impl final : public WorkerObserver {
 public:
  Impl(MediaEngineOptions options, const DtlsContext& dtls, ControlLoop& loop, const Clock& clock, FillRandom random,
       Log& log, CoreMetrics& metrics)
      : options_{std::move(options)},
        context_{std::make_shared<EngineContext>(loop, std::move(random), log)},
        metrics_{metrics},
        failed_{metrics.counter("transports_failed_total", "Transports whose ICE or DTLS failed.")},
        connected_{metrics.counter("transports_connected_total", "Transports that came to carry media.")},
        gather_{std::make_shared<RouterHandle::GatherFull>()} {
    context_->max_transports = options_.core.max_transports;
    context_->keyframe_min_interval = options_.keyframe_min_interval;
    context_->capabilities =
        ortc::router_capabilities(options_.codecs.empty() ? ortc::default_codecs() : options_.codecs, "media.codecs");
    const Fingerprint own = dtls.certificate().fingerprint();
    context_->dtls_parameters = {.role = DtlsRole::auto_,
                                 .fingerprints = {{std::string{to_string(own.algorithm())}, own.value()}}};
    for (unsigned i = 0; i < options_.workers; ++i) add_worker(i, dtls, clock);
    if (options_.full_ice) use_full_ice();
  }

  void start() {
    for (const auto& worker : context_->workers) worker->start();
    metrics_timer_ = context_->loop.every(kMetricsInterval, [this] { collect_metrics(); });
  }

  void stop() {
    if (std::exchange(context_->stopped, true)) return;
    metrics_timer_.cancel();
    for (const auto& worker : context_->workers) worker->stop();
    for (const auto& [key, connection] : context_->full_ice) connection->shut();
  }

  // The workers' paths of full ICE own their connections, and these the context: here the circle ends.
  ~Impl() override {
    stop();
    context_->workers.clear();
  }

  // On a worker's thread.
  void on_transport_state(TransportKey transport, TransportState state, std::string_view reason) override {
    context_->loop.post([context = std::weak_ptr{context_}, &failed = failed_, &connected = connected_, transport,
                         state, reason = std::string{reason}] {
      const auto alive = context.lock();
      if (alive == nullptr) return;
      if (state == TransportState::failed) failed.add();
      if (state == TransportState::connected) connected.add();
      const auto found = alive->transports.find(transport);
      if (found != alive->transports.end()) found->second->state_changed(state, reason);
    });
  }
  void on_producer_ended(ProducerKey producer) override {
    context_->loop.post([context = std::weak_ptr{context_}, producer] {
      const auto alive = context.lock();
      if (alive == nullptr) return;
      const auto found = alive->producers.find(producer);
      if (found != alive->producers.end()) found->second->end();
    });
  }

  bool on_speakers(std::span<const SpeakerReport> reports, Instant now) override {
    // The count outlives the engine with the tasks that hold it.
    const auto backlog = speaker_backlog_;
    if (backlog->fetch_add(1, std::memory_order_relaxed) >= kMaxSpeakerBacklog) {
      backlog->fetch_sub(1, std::memory_order_relaxed);
      return false;
    }
    context_->loop.post([context = std::weak_ptr{context_}, backlog, now,
                         reports = std::vector<SpeakerReport>{reports.begin(), reports.end()}] {
      backlog->fetch_sub(1, std::memory_order_relaxed);
      if (const auto alive = context.lock()) alive->tell(reports, now);
    });
    return true;
  }

  void on_quality(const QualityReport& report) override {
    context_->loop.post([context = std::weak_ptr{context_}, report] {
      if (const auto alive = context.lock()) alive->tell(report);
    });
  }

  [[nodiscard]] std::unique_ptr<Router> create_router() { return std::make_unique<RouterHandle>(context_, gather_); }
  [[nodiscard]] std::vector<IceServer> ice_servers(std::string_view user_id) const {
    const WallTime now = context_->loop.wall_time();
    std::vector<IceServer> servers;
    for (const OfferedIceServer& offered : options_.ice_servers) servers.push_back(offered.for_user(user_id, now));
    return servers;
  }

  [[nodiscard]] std::vector<std::uint16_t> ports() const {
    std::vector<std::uint16_t> ports;
    for (const auto& worker : context_->workers) ports.push_back(worker->ports().udp.front().local().port());
    return ports;
  }
  [[nodiscard]] std::size_t worker_count() const noexcept { return context_->workers.size(); }
  [[nodiscard]] std::vector<WorkerStats> workers() const {
    std::vector<WorkerStats> all;
    for (const Report& report : reports_) all.push_back(report.last);
    return all;
  }
  [[nodiscard]] MediaInspector& inspector() noexcept { return inspector_; }

 private:
  void add_worker(unsigned index, const DtlsContext& dtls, const Clock& clock) {
    MediaWorker::Options options{
        .index = WorkerIndex{static_cast<std::uint8_t>(index)}, .listen = {}, .core = options_.core};
    if (!options_.tcp || options_.full_ice) options.protocols = MediaProtocols::udp;
    const auto port = static_cast<std::uint16_t>(options_.base_port == 0 ? 0 : options_.base_port + index);
    for (const std::string& address : options_.listen_addresses) options.listen.push_back(parse_listen(address, port));
    context_->workers.push_back(std::make_unique<MediaWorker>(options, dtls, clock, *this));
    context_->candidates.push_back(candidates_of(*context_->workers.back(), options_.announced_addresses));
    context_->load.push_back(0);
    context_->taps.push_back(0);
    reports_.push_back({.metrics = {metrics_, options.index}, .answer = {}, .last = {.index = index}});
  }

  // An answer that is still on its way is waited for: the tasks of a worker that is stuck do not pile up.
  void collect_metrics() {
    for (std::size_t i = 0; i < reports_.size(); ++i) {
      if (std::exchange(reports_[i].asked, true)) continue;
      reports_[i].answer.ask(
          *context_, WorkerIndex{static_cast<std::uint8_t>(i)},
          [this, i](const WorkerReport& report) {
            reports_[i].asked = false;
            const double load = load_between(std::exchange(reports_[i].pressure, report.pressure), report.pressure);
            reports_[i].metrics.update(report, load);
            reports_[i].last = stats_of(static_cast<unsigned>(i), report, load);
          },
          [worker = context_->workers[i].get()](WorkerCore& core) {
            return std::optional{WorkerReport::of(core, *worker)};
          });
    }
  }

  void use_full_ice() {
    glib_ = std::make_unique<GlibThread>();
    *gather_ = [this](const std::shared_ptr<RouterState>& router, FullIceConnection::Ready ready) {
      FullIceConnection::open(router, *glib_, *options_.full_ice, std::move(ready));
    };
  }

  struct Report {
    WorkerMetrics metrics;
    PendingAnswers<WorkerReport> answer;
    WorkerStats last{};
    WorkerPressure pressure{};  // as of the last report
    bool asked = false;
  };

  MediaEngineOptions options_;
  std::unique_ptr<GlibThread> glib_;  // outlives every agent: stop() shuts them
  std::shared_ptr<EngineContext> context_;
  CoreMetrics& metrics_;
  std::vector<Report> reports_;  // by worker
  Timer metrics_timer_;
  Counter& failed_;
  Counter& connected_;
  std::shared_ptr<RouterHandle::GatherFull> gather_;
  // Owners: this, and the reports on their way.
  std::shared_ptr<std::atomic<unsigned>> speaker_backlog_ = std::make_shared<std::atomic<unsigned>>(0);
  EngineInspector inspector_{context_, [this] { return workers(); }};
};

MediaEngine::MediaEngine(MediaEngineOptions options, const DtlsContext& dtls, ControlLoop& loop, const Clock& clock,
                         FillRandom random, Log& log, CoreMetrics& metrics)
    : impl_{std::make_unique<Impl>(std::move(options), dtls, loop, clock, std::move(random), log, metrics)} {}
MediaEngine::~MediaEngine() { stop(); }
void MediaEngine::start() { impl_->start(); }
void MediaEngine::stop() { impl_->stop(); }
std::unique_ptr<Router> MediaEngine::create_router() { return impl_->create_router(); }
std::vector<IceServer> MediaEngine::ice_servers(std::string_view user_id) const { return impl_->ice_servers(user_id); }
std::vector<std::uint16_t> MediaEngine::ports() const { return impl_->ports(); }
std::size_t MediaEngine::worker_count() const noexcept { return impl_->worker_count(); }
std::vector<WorkerStats> MediaEngine::workers() const { return impl_->workers(); }
MediaInspector& MediaEngine::inspector() noexcept { return impl_->inspector(); }

}  // namespace sluice
