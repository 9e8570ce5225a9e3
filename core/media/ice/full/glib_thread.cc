#include "core/media/ice/full/glib_thread.h"

#include <glib.h>

#include <future>
#include <utility>

#include "core/media/ice/full/glib_ptr.h"

namespace sluice {
namespace {

constexpr unsigned kClosingLimitMs = 2000;

using Task = std::function<void()>;

gboolean run_task(gpointer task) {
  (*static_cast<Task*>(task))();
  return G_SOURCE_REMOVE;
}
void delete_task(gpointer task) { delete static_cast<Task*>(task); }

void attach(GSource* source, Task task, GMainContext* context) {
  const GlibPtr<GSource, g_source_unref> owned{source};
  g_source_set_callback(source, run_task, new Task{std::move(task)}, delete_task);
  g_source_attach(source, context);
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
    g_main_loop_quit(loop_->main.get());
    return;
  }
  attach(
      g_timeout_source_new(kClosingLimitMs), [this] { g_main_loop_quit(loop_->main.get()); }, loop_->context.get());
}

void GlibThread::post(Task task) {
  // Not g_main_context_invoke(): that would run the task on the caller's thread while the loop is not running yet.
  GSource* source = g_idle_source_new();
  g_source_set_priority(source, G_PRIORITY_DEFAULT);
  attach(source, std::move(task), loop_->context.get());
}

void GlibThread::run(const Task& task) {
  if (std::this_thread::get_id() == thread_.get_id()) {
    task();
    return;
  }
  std::promise<void> done;
  post([&] {
    task();
    done.set_value();
  });
  done.get_future().wait();
}

GMainContext* GlibThread::context() const noexcept { return loop_->context.get(); }

void GlibThread::begin_closing() noexcept { ++closing_; }

void GlibThread::end_closing() noexcept {
  --closing_;
  if (stopping_ && closing_ == 0) g_main_loop_quit(loop_->main.get());
}

}  // namespace sluice
