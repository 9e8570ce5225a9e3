#pragma once

#include <string>

#include "context.h"
#include "production_queue.h"
#include "recorder.h"
#include "tickets.h"
#include "view.h"

namespace sluice::recording {

/// Shows recordings to those who may see them: with how far they are, and with addresses that open without a token.
class Addresses {
 public:
  Addresses(Context& context, const Recorder& recorder, const ProductionQueue& queue)
      : context_{context}, recorder_{recorder}, queue_{queue} {}

  [[nodiscard]] RecordingView view(const Record& record, const Identity& viewer) {
    const Record now = as_it_is(record);
    return view_of(now, queue_.progress(now.id), ticket(now, viewer));
  }
  [[nodiscard]] RecordingEntry entry(const Record& record, const Identity& viewer) {
    return entry_of(view(record, viewer), record);
  }
  /// Without a viewer: the addresses need a token.
  [[nodiscard]] RecordingView view(const Record& record) const {
    const Record now = as_it_is(record);
    return view_of(now, queue_.progress(now.id), {});
  }
  [[nodiscard]] Tickets& tickets() noexcept { return tickets_; }

 private:
  /// A row may be behind what runs.
  [[nodiscard]] Record as_it_is(const Record& record) const {
    Record out = record;
    const auto live = recorder_.find(record.id);
    if (live == nullptr) return out;
    out.state = live->record.state;
    out.ended_at = live->record.ended_at;
    if (live->capture != nullptr) {
      const auto recorded = live->capture->figures().recorded;
      out.report.duration_ms = std::chrono::duration_cast<std::chrono::milliseconds>(recorded).count();
    }
    return out;
  }
  [[nodiscard]] std::string ticket(const Record& record, const Identity& viewer) {
    if (record.state != State::ready) return {};
    return tickets_.give(record.id, viewer, context_.host.timers().now(), context_.options.url_lifetime_minutes,
                         [this] { return context_.host.random_token(); });
  }

  Context& context_;
  const Recorder& recorder_;
  const ProductionQueue& queue_;
  Tickets tickets_;
};

}  // namespace sluice::recording
