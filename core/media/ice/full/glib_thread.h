#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

using GMainContext = struct _GMainContext;  // NOLINT(bugprone-reserved-identifier): GLib's name

namespace sluice {

/// The one thread on which GLib runs, with a main context of its own (never the default one). All FullIceAgents of a
/// process share it and must be gone before it.
class GlibThread {
 public:
  GlibThread();
  /// Waits until TURN servers have confirmed that the allocations of late agents are released, at most two seconds.
  ~GlibThread();
  GlibThread(const GlibThread&) = delete;
  GlibThread& operator=(const GlibThread&) = delete;

  /// Runs `task` on the GLib thread, in the order of the calls. Thread-safe; never blocks. `task` must not throw.
  void post(std::function<void()> task);
  /// Runs `task` on the GLib thread and waits for it; on the GLib thread itself, at once.
  void run(const std::function<void()>& task);

  [[nodiscard]] GMainContext* context() const noexcept;

  /// One thing more, or one less, that the destructor has to wait for. GLib thread only.
  void begin_closing() noexcept;
  void end_closing() noexcept;

 private:
  struct Loop;

  void run_next();
  void quit_when_closed();

  std::unique_ptr<Loop> loop_;
  std::mutex tasks_mutex_;
  std::deque<std::function<void()>> tasks_;  // posted and not run yet
  int closing_ = 0;                          // GLib thread only
  bool stopping_ = false;                    // GLib thread only
  std::thread thread_;
};

}  // namespace sluice
