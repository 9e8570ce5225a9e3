#include "core/media/worker/media_worker.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "core/base/file_descriptor.h"
#include "core/media/worker/receive_batch.h"
#include "core/media/worker/worker_output.h"

namespace sluice {

namespace {

constexpr std::size_t kMaxWorkers = 256;
/// Batches read from one socket before timers and the other sockets get their turn.
constexpr int kBatchesPerRound = 4;
// epoll: what is ready. Any other number is that of a UDP socket.
constexpr std::uint64_t kEventFdTag = ~std::uint64_t{0};
constexpr std::uint64_t kTcpTag = kEventFdTag - 1;

Duration thread_cpu_time() noexcept {
  timespec used{};
  if (::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used) != 0) return {};
  return std::chrono::seconds{used.tv_sec} + std::chrono::nanoseconds{used.tv_nsec};
}

// What comes by TCP, to the core.
class TcpToCore final : public TcpReceiver {
 public:
  explicit TcpToCore(WorkerCore& core) noexcept : core_{core} {}
  void on_packet(MutableBytes packet, const IceTuple& from, Instant now) override {
    core_.handle_datagram(packet, from, now);
  }
  [[nodiscard]] bool is_valid(const IceTuple& tuple) const override { return core_.is_valid(tuple); }
  void on_closed(const IceTuple& tuple, Instant now) override { core_.handle_lost_tuple(tuple, now); }

 private:
  WorkerCore& core_;
};

}  // namespace

class MediaWorker::Impl final : public RemoteWorkers {
 public:
  Impl(const Options& options, const DtlsContext& dtls, const Clock& clock, WorkerObserver& observer)
      : index_{options.index},
        clock_{clock},
        ports_{MediaPorts::open(options.listen, options.protocols)},
        epoll_{::epoll_create1(EPOLL_CLOEXEC), "epoll_create1"},
        wake_{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd"},
        send_{ports_.udp},
        tcp_{ports_.tcp, first_tcp(), options.tcp},
        output_{send_, tcp_, first_tcp()},
        core_{options.core, dtls, output_, *this, observer} {
    for (std::size_t i = 0; i < ports_.udp.size(); ++i) watch(ports_.udp[i].fd(), i);
    watch(tcp_.fd(), kTcpTag);
    watch(wake_.get(), kEventFdTag);
  }

  void start() {
    thread_ = std::thread{[this] { run(); }};
  }

  void stop() {
    post([this](WorkerCore&, Instant) { stopping_ = true; });
    if (thread_.joinable()) thread_.join();
  }

  void post(Task task) {
    bool first = false;
    {
      const std::lock_guard lock{mutex_};
      first = tasks_.empty();
      tasks_.push_back(std::move(task));
      tasks_wait_.store(true, std::memory_order_release);
    }
    if (first) wake();
  }

  // Also called by other workers: eventfd is made for that.
  void wake() noexcept {
    const std::uint64_t one = 1;
    static_cast<void>(::write(wake_.get(), &one, sizeof one));  // full means awake
  }

  // RemoteWorkers, on this worker's thread
  void send_packet(WorkerIndex worker, ProducerKey producer, const RoutedPacket& packet) noexcept override {
    Link& link = outgoing_[worker.value()];
    if (link.ring == nullptr) return;
    link.ring->push(PacketRing::label_of(producer, packet), packet.rtp.bytes());
    if (std::exchange(link.dirty, true)) return;
    dirty_[dirty_count_++] = worker;
  }
  void request_keyframe(WorkerIndex worker, ProducerKey producer, std::uint8_t encoding) noexcept override {
    Link& link = outgoing_[worker.value()];
    if (link.peer == nullptr) return;
    link.peer->post(
        [producer, encoding](WorkerCore& core, Instant now) { core.request_keyframe(producer, encoding, now); });
  }

  void link_to(Impl& other) {
    if (!linked_.insert(other.index_)) return;
    // Owners: the writing and the reading worker.
    const auto ring = std::make_shared<PacketRing>();
    post([this, ring, &other](WorkerCore&, Instant) {
      outgoing_[other.index_.value()].ring = ring;
      outgoing_[other.index_.value()].peer = &other;
    });
    other.post([&other, ring, this](WorkerCore&, Instant) {
      other.incoming_.push_back(ring);
      other.outgoing_[index_.value()].peer = this;
    });
  }

  [[nodiscard]] const MediaPorts& ports() const noexcept { return ports_; }
  [[nodiscard]] const SendBatch::Counters& send_counters() const noexcept { return send_.counters(); }
  [[nodiscard]] TcpCounters tcp_counters() const noexcept { return tcp_.counters(); }
  [[nodiscard]] const Tally<kBatchSizes>& receive_sizes() const noexcept { return receive_sizes_; }
  [[nodiscard]] WorkerPressure take_pressure() noexcept {
    return {.at = clock_.now(),
            .cpu_time = thread_cpu_time(),
            .queued_packets = std::exchange(most_packets_, 0),
            .queued_tasks = std::exchange(most_tasks_, 0)};
  }
  [[nodiscard]] std::uint64_t queue_drops() const noexcept {
    std::uint64_t sum = 0;
    for (const Link& link : outgoing_) sum += link.ring == nullptr ? 0 : link.ring->dropped();
    return sum;
  }

 private:
  struct Link {
    std::shared_ptr<PacketRing> ring;  // to the other worker; null while nothing is sent there
    Impl* peer = nullptr;              // workers stop together, before any of them is destroyed
    bool dirty = false;
  };
  // Which workers link_to() has been called for; control thread.
  class IndexSet {
   public:
    bool insert(WorkerIndex index) { return !std::exchange(members_[index.value()], true); }

   private:
    std::array<bool, kMaxWorkers> members_{};
  };

  [[nodiscard]] std::uint8_t first_tcp() const noexcept { return static_cast<std::uint8_t>(ports_.udp.size()); }

  void watch(int fd, std::uint64_t tag) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = tag;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
      throw std::system_error{errno, std::generic_category(), "epoll_ctl"};
    }
  }

  void run() {
    while (!stopping_) round();
  }

  void round() {
    std::array<epoll_event, 32> events;
    const int ready = ::epoll_wait(epoll_.get(), events.data(), events.size(), wait_ms());
    Instant now = clock_.now();
    for (int i = 0; i < ready; ++i) {
      const std::uint64_t tag = events[static_cast<std::size_t>(i)].data.u64;
      if (tag == kEventFdTag) {
        run_tasks(now);
      } else if (tag == kTcpTag) {
        tcp_.handle_events(tcp_to_core_, now);
      } else {
        receive(tag, now);
      }
    }
    drain_rings(now);
    now = clock_.now();
    core_.handle_timeout(now, clock_.wall_time());
    tcp_.handle_timeout(tcp_to_core_, now);
    send_.flush();
    tcp_.flush(tcp_to_core_, now);
    wake_others();
  }

  [[nodiscard]] int wait_ms() const noexcept {
    auto deadline = core_.next_timeout();
    const auto tcp = tcp_.next_timeout();
    if (tcp && (!deadline || *tcp < *deadline)) deadline = tcp;
    if (!deadline) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - clock_.now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
  }

  void receive(std::uint64_t socket, Instant now) {
    for (int batch = 0; batch < kBatchesPerRound; ++batch) {
      const std::size_t count = receive_.receive(ports_.udp[socket].fd());
      if (count > 0) receive_sizes_.add(static_cast<double>(count));
      // A client sends its first check, and its ClientHello, when it has heard that its transport is there: the command
      // that opens it came before them. Were it run after them they would be lost, and the client wait to try again.
      if (tasks_wait_.load(std::memory_order_acquire)) run_tasks(now);
      const auto fan_out = core_.begin_batch(now);  // ends before the buffers are used again
      for (std::size_t i = 0; i < count; ++i) {
        if (receive_.truncated(i)) {
          core_.count_oversize();
        } else {
          core_.handle_datagram(receive_.datagram(i), {receive_.source(i), static_cast<std::uint8_t>(socket)}, now);
        }
      }
      if (count < ReceiveBatch::kBatch) return;
    }
  }

  void run_tasks(Instant now) {
    std::uint64_t wakes = 0;
    static_cast<void>(::read(wake_.get(), &wakes, sizeof wakes));
    {
      const std::lock_guard lock{mutex_};
      running_.swap(tasks_);
      tasks_wait_.store(false, std::memory_order_relaxed);
    }
    most_tasks_ = std::max(most_tasks_, running_.size());
    for (Task& task : running_) task(core_, now);
    running_.clear();
  }

  void drain_rings(Instant now) noexcept {
    std::size_t packets = 0;
    for (const auto& ring : incoming_) {
      packets += ring->drain(
          [&](const PacketRing::Label& label, Bytes packet) { core_.handle_remote_packet(label, packet, now); },
          [&] { return core_.begin_batch(now); });
    }
    most_packets_ = std::max(most_packets_, packets);
  }

  void wake_others() noexcept {
    for (std::size_t i = 0; i < dirty_count_; ++i) {
      Link& link = outgoing_[dirty_[i].value()];
      link.dirty = false;
      if (link.peer != nullptr) link.peer->wake();
    }
    dirty_count_ = 0;
  }

  const WorkerIndex index_;
  const Clock& clock_;
  MediaPorts ports_;
  FileDescriptor epoll_;
  FileDescriptor wake_;
  SendBatch send_;
  TcpConnections tcp_;
  WorkerOutput output_;
  ReceiveBatch receive_;
  Tally<kBatchSizes> receive_sizes_;
  std::size_t most_packets_ = 0;
  std::size_t most_tasks_ = 0;
  std::array<Link, kMaxWorkers> outgoing_{};
  std::array<WorkerIndex, kMaxWorkers> dirty_{};
  std::size_t dirty_count_ = 0;
  std::vector<std::shared_ptr<PacketRing>> incoming_;
  WorkerCore core_;
  TcpToCore tcp_to_core_{core_};
  bool stopping_ = false;
  std::vector<Task> running_;
  IndexSet linked_;

  std::mutex mutex_;  // guards tasks_: commands, never packets
  std::vector<Task> tasks_;
  std::atomic<bool> tasks_wait_{false};  // so that receiving looks without the lock
  std::thread thread_;
};

MediaWorker::MediaWorker(const Options& options, const DtlsContext& dtls, const Clock& clock, WorkerObserver& observer)
    : impl_{std::make_unique<Impl>(options, dtls, clock, observer)} {}
MediaWorker::~MediaWorker() { stop(); }
void MediaWorker::start() { impl_->start(); }
void MediaWorker::stop() { impl_->stop(); }
void MediaWorker::post(Task task) { impl_->post(std::move(task)); }
const MediaPorts& MediaWorker::ports() const noexcept { return impl_->ports(); }
const SendBatch::Counters& MediaWorker::send_counters() const noexcept { return impl_->send_counters(); }
TcpCounters MediaWorker::tcp_counters() const noexcept { return impl_->tcp_counters(); }
const Tally<kBatchSizes>& MediaWorker::receive_sizes() const noexcept { return impl_->receive_sizes(); }
WorkerPressure MediaWorker::take_pressure() noexcept { return impl_->take_pressure(); }
std::uint64_t MediaWorker::queue_drops() const noexcept { return impl_->queue_drops(); }
void MediaWorker::link_to(MediaWorker& other) { impl_->link_to(*other.impl_); }

}  // namespace sluice
