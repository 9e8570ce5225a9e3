#include "core/media/ice/full/glib_thread.h"

#include <glib.h>

#include <future>
#include <utility>

#include "core/media/ice/full/glib_ptr.h"

namespace sluice {
namespace {

constexpr unsigned kClosingLimitMs = 2000;

/// Calls `callback(data)` on the loop of `context` when `source`, whose ownership is taken, is due.
void attach(GSource* source, GMainContext* context, GSourceFunc callback, gpointer data) {
  const GlibPtr<GSource, g_source_unref> owned{source};
  g_source_set_priority(source, G_PRIORITY_DEFAULT);
  g_source_set_callback(source, callback, data, nullptr);
  g_source_attach(source, context);
}

gboolean quit(gpointer main_loop) {
  g_main_loop_quit(static_cast<GMainLoop*>(main_loop));
  return G_SOURCE_REMOVE;
}

}  // namespace

struct GlibThread::Loop {
  GlibPtr<GMainContext, g_main_context_unref> context{g_main_context_new()};
  GlibPtr<GMainLoop, g_main_loop_unref> main{g_main_loop_new(context.get(), FALSE)};
};

GlibThread::GlibThread() : loop_{std::make_unique<Loop>()} {
  thread_ = std::thread{[this] {
    g_main_context_push_thread_default(loop_->context.get());
    g_main_loop_run(loop_->main.get());
    g_main_context_pop_thread_default(loop_->context.get());
  }};
}

GlibThread::~GlibThread() {
  post([this] { quit_when_closed(); });
  thread_.join();
}

void GlibThread::quit_when_closed() {
  stopping_ = true;
  if (closing_ == 0) {
    quit(loop_->main.get());
    return;
  }
  attach(g_timeout_source_new(kClosingLimitMs), loop_->context.get(), quit, loop_->main.get());
}

void GlibThread::post(std::function<void()> task) {
  {
    const std::scoped_lock lock{tasks_mutex_};
    tasks_.push_back(std::move(task));
  }
  // Not g_main_context_invoke(): that would run the task on the caller's thread while the loop is not running yet.
  const auto run_next_of = [](gpointer self) -> gboolean {
    static_cast<GlibThread*>(self)->run_next();
    return G_SOURCE_REMOVE;
  };
  attach(g_idle_source_new(), loop_->context.get(), run_next_of, this);
}

void GlibThread::run_next() {
  std::function<void()> task;
  {
    const std::scoped_lock lock{tasks_mutex_};
    task = std::move(tasks_.front());
    tasks_.pop_front();
  }
  task();
}

void GlibThread::run(const std::function<void()>& task) {
  if (std::this_thread::get_id() == thread_.get_id()) {
    task();
    return;
  }
  // Shared with the GLib thread, which may still be inside set_value() when the wait is over.
  const auto done = std::make_shared<std::promise<void>>();
  post([&task, done] {
    task();
    done->set_value();
  });
  done->get_future().wait();
}

GMainContext* GlibThread::context() const noexcept { return loop_->context.get(); }

void GlibThread::begin_closing() noexcept { ++closing_; }

void GlibThread::end_closing() noexcept {
  --closing_;
  if (stopping_ && closing_ == 0) quit(loop_->main.get());
}

}  // namespace sluice
