#include "tests/load/media_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <system_error>

namespace sluice::load {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kEvents = 256;
constexpr Duration kLongestWait = 1s;

Instant monotonic_now() noexcept { return std::chrono::steady_clock::now(); }

bool later(const std::pair<Instant, LoadPeer*>& a, const std::pair<Instant, LoadPeer*>& b) noexcept {
  return a.first > b.first;
}

}  // namespace

MediaLoop::MediaLoop(const Options& options, const DtlsContext& dtls, const SourceTable& sources,
                     const MeasuredWindow& window, LoadProgress& progress)
    : options_{options},
      progress_{progress},
      around_{.dtls = dtls,
              .sources = sources,
              .window = window,
              .progress = progress,
              .stats = stats_,
              .verify_every = options.verify_every,
              .rtcp_interval = options.rtcp_interval},
      epoll_{::epoll_create1(EPOLL_CLOEXEC)},
      wake_up_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
  if (epoll_ < 0 || wake_up_ < 0) throw std::system_error{errno, std::generic_category(), "epoll"};
  epoll_event interest{.events = EPOLLIN, .data = {.ptr = nullptr}};
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_up_, &interest);
  thread_ = std::thread{[this] { run(); }};
}

MediaLoop::~MediaLoop() {
  stop();
  peers_.clear();
  ::close(wake_up_);
  ::close(epoll_);
}

void MediaLoop::wake() noexcept {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(wake_up_, &one, sizeof one));  // full: a wake-up is pending anyway
}

void MediaLoop::add(PeerOrder order) {
  {
    const std::scoped_lock lock{mutex_};
    orders_.push_back(std::move(order));
  }
  wake();
}

void MediaLoop::restart_ice(IceRestart restart) {
  {
    const std::scoped_lock lock{mutex_};
    restarts_.push_back(std::move(restart));
  }
  wake();
}

const LoadStats& MediaLoop::stop() {
  if (!thread_.joinable()) return stats_;
  {
    const std::scoped_lock lock{mutex_};
    stopping_ = true;
  }
  wake();
  thread_.join();
  for (const auto& peer : peers_) {
    peer->collect(stats_);
    peer->close();
  }
  return stats_;
}

LoadStats MediaLoop::take_stats() {
  std::promise<LoadStats> promise;
  {
    const std::scoped_lock lock{mutex_};
    stats_wanted_ = &promise;
  }
  wake();
  return promise.get_future().get();
}

void MediaLoop::run() {
  while (take_orders(monotonic_now())) {
    run_timers(monotonic_now());
    wait_and_receive();
  }
}

bool MediaLoop::take_orders(Instant now) {
  std::vector<PeerOrder> orders;
  std::vector<IceRestart> restarts;
  {
    const std::scoped_lock lock{mutex_};
    if (stopping_) return false;
    if (stats_wanted_ != nullptr) std::exchange(stats_wanted_, nullptr)->set_value(std::exchange(stats_, LoadStats{}));
    orders.swap(orders_);
    restarts.swap(restarts_);
  }
  for (PeerOrder& order : orders) open(std::move(order), now);
  for (IceRestart& one : restarts) restart(std::move(one), now);
  return true;
}

void MediaLoop::open(PeerOrder order, Instant now) {
  try {
    auto peer = std::make_unique<LoadPeer>(around_, std::move(order));
    epoll_event interest{.events = EPOLLIN, .data = {.ptr = peer.get()}};
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, peer->fd(), &interest) != 0) {
      throw std::system_error{errno, std::generic_category(), "epoll_ctl"};
    }
    peer->start(now);
    schedule(*peer);
    peers_.push_back(std::move(peer));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "peer: %s\n", error.what());
    ++progress_.failed;
  }
}

void MediaLoop::restart(IceRestart restart, Instant now) {
  const auto found = std::ranges::find(peers_, restart.peer, [](const auto& peer) { return peer->number(); });
  if (found == peers_.end()) return;
  (*found)->restart_ice(std::move(restart), now);
  schedule(**found);
}

void MediaLoop::schedule(LoadPeer& peer) {
  const Instant next = peer.next_timeout();
  if (peer.scheduled && *peer.scheduled <= next) return;  // goes off early, and is set anew then
  peer.scheduled = next;
  timers_.emplace_back(next, &peer);
  std::ranges::push_heap(timers_, later);
}

void MediaLoop::run_timers(Instant now) {
  while (!timers_.empty() && timers_.front().first <= now) {
    std::ranges::pop_heap(timers_, later);
    const auto [due, peer] = timers_.back();
    timers_.pop_back();
    if (peer->scheduled != due) continue;
    peer->scheduled.reset();
    peer->handle_timeout(now);
    schedule(*peer);
  }
}

void MediaLoop::wait_and_receive() {
  std::array<epoll_event, kEvents> events;
  Duration wait = kLongestWait;
  if (!timers_.empty()) wait = std::clamp<Duration>(timers_.front().first - monotonic_now(), 0ns, kLongestWait);
  if (options_.busy_poll) wait = 0ns;
  const timespec limit{.tv_sec = wait / 1s, .tv_nsec = (wait % 1s) / 1ns};
  const int count = ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &limit, nullptr);
  for (int i = 0; i < count; ++i) {
    auto* const peer = static_cast<LoadPeer*>(events[static_cast<std::size_t>(i)].data.ptr);
    if (peer != nullptr) {
      receive(*peer);
      continue;
    }
    std::uint64_t wakes = 0;
    static_cast<void>(!::read(wake_up_, &wakes, sizeof wakes));
  }
}

void MediaLoop::receive(LoadPeer& peer) {
  const std::size_t count = batch_.receive(peer.fd());
  const Instant now = monotonic_now();
  for (std::size_t i = 0; i < count; ++i) peer.handle_datagram(batch_.datagram(i), now);
  schedule(peer);
}

}  // namespace sluice::load
