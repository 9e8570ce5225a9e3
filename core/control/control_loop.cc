#include "core/control/control_loop.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <optional>
#include <vector>

#include "core/control/timer_queue.h"

namespace sluice {

namespace asio = boost::asio;

class ControlLoop::Impl {
 public:
  Impl(const Clock& clock, Watch watch) : clock_{clock}, watch_{watch}, alarm_{context_} {}

  void post(Function<void()> work) {
    if (watch_.waiting == nullptr) return asio::post(context_, [work = std::move(work)]() mutable { work(); });
    watch_.waiting->add(1);
    asio::post(context_, [this, posted = clock_.now(), work = std::move(work)]() mutable {
      watch_.waiting->add(-1);
      watch_.wait_seconds->observe(std::chrono::duration<double>(clock_.now() - posted).count());
      work();
    });
  }

  void run() {
    const auto keep_running = asio::make_work_guard(context_);
    context_.restart();
    context_.run();
  }

  void run_ready() {
    timers_.run_due(clock_.now());
    context_.restart();
    context_.poll();
    timers_.run_due(clock_.now());
  }

  void stop() {
    asio::post(context_, [this] { context_.stop(); });
  }

  void on_signal(int signal, Function<void()> callback) {
    signals_.push_back(std::make_unique<Signal>(context_, signal, std::move(callback)));
    wait_for(*signals_.back());
  }

  Timer after(Duration delay, Function<void()> callback) {
    Timer timer{timers_.at(clock_.now() + delay, std::move(callback))};
    arm();
    return timer;
  }

  Timer every(Duration interval, Function<void()> callback) {
    Timer timer{timers_.every(clock_.now() + interval, interval, std::move(callback))};
    arm();
    return timer;
  }

  asio::io_context& context() noexcept { return context_; }

  const Clock& clock_;
  const Watch watch_;

 private:
  // One asio timer stands for the earliest deadline of all.
  void arm() {
    const auto deadline = timers_.next_deadline();
    if (!deadline || (armed_ && *armed_ <= *deadline)) return;
    armed_ = deadline;
    alarm_.expires_after(*deadline - clock_.now());
    alarm_.async_wait([this](const boost::system::error_code& error) {
      if (error) return;  // armed anew for an earlier deadline
      armed_.reset();
      timers_.run_due(clock_.now());
      arm();
    });
  }

  struct Signal {
    Signal(asio::io_context& context, int number, Function<void()> action)
        : set{context, number}, callback{std::move(action)} {}
    asio::signal_set set;
    Function<void()> callback;
  };

  static void wait_for(Signal& signal) {
    signal.set.async_wait([&signal](const boost::system::error_code& error, int) {
      if (error) return;
      signal.callback();
      wait_for(signal);
    });
  }

  asio::io_context context_{1};
  TimerQueue timers_;
  asio::steady_timer alarm_;
  std::optional<Instant> armed_;
  std::vector<std::unique_ptr<Signal>> signals_;
};

ControlLoop::ControlLoop(const Clock& clock, Watch watch) : impl_{std::make_unique<Impl>(clock, watch)} {}
ControlLoop::~ControlLoop() = default;

void ControlLoop::post(Function<void()> work) { impl_->post(std::move(work)); }
void ControlLoop::run() { impl_->run(); }
void ControlLoop::run_ready() { impl_->run_ready(); }
void ControlLoop::stop() { impl_->stop(); }
void ControlLoop::on_signal(int signal, Function<void()> callback) { impl_->on_signal(signal, std::move(callback)); }
asio::io_context& ControlLoop::context() noexcept { return impl_->context(); }
Instant ControlLoop::now() const noexcept { return impl_->clock_.now(); }
WallTime ControlLoop::wall_time() const noexcept { return impl_->clock_.wall_time(); }
Timer ControlLoop::after(Duration delay, Function<void()> callback) { return impl_->after(delay, std::move(callback)); }
Timer ControlLoop::every(Duration interval, Function<void()> callback) {
  return impl_->every(interval, std::move(callback));
}

}  // namespace sluice
