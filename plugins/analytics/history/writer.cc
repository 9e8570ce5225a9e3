#include "history/writer.h"

#include <chrono>
#include <utility>

#include "history/recovery.h"
#include "history/store_task.h"

namespace sluice::analytics {

namespace {

template <class Row>
std::size_t drop_eldest(std::vector<Row>& rows, std::size_t most) {
  if (rows.size() <= most) return 0;
  const std::size_t dropped = rows.size() - most;
  rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(dropped));
  return dropped;
}

}  // namespace

void Writer::start() {
  timer_ = host_.timers().every(kInterval, [this] { flush(true); });
  put_in_order();
}

void Writer::put_in_order() {
  writing_ = true;
  in_store(
      host_, lifeline_, [](StoreTransaction& store) { return recover(store); },
      [this](Result<SessionId, Error> last) {
        writing_ = false;
        if (!last) {
          metrics_.flush_failures.add();
          return answer(last.error());  // tried again by the next flush
        }
        base_ = *last;
        write_some();
      });
}

void Writer::flush_then(Written written) {
  waiting_.push_back(std::move(written));
  flush(false);
}

void Writer::flush(bool everything) {
  Batch fresh;
  collect_(fresh, everything);
  append(backlog_, std::move(fresh));
  trim();
  if (writing_) return;
  base_ ? write_some() : put_in_order();
}

void Writer::finish() {
  timer_.cancel();
  Batch fresh;
  collect_(fresh, true);
  append(backlog_, std::move(fresh));
  while (base_ && !backlog_.empty()) {
    const auto batch = std::make_shared<Batch>(take(backlog_, kMostPerUnit));
    in_store(
        host_, lifeline_,
        [batch, base = *base_](StoreTransaction& store) {
          write(store, *batch, base);
          return Ok{};
        },
        [](const Result<Ok, Error>&) {});
  }
}

void Writer::trim() {
  const std::size_t dropped =
      drop_eldest(backlog_.quality, kMostQuality) + drop_eldest(backlog_.changes.sessions, kMostOther) +
      drop_eldest(backlog_.changes.people, kMostOther) + drop_eldest(backlog_.changes.events, kMostOther);
  if (dropped > 0) metrics_.rows_dropped.add(static_cast<double>(dropped));
  metrics_.waiting_rows.set(static_cast<double>(backlog_.rows()));
}

void Writer::write_some() {
  if (backlog_.empty()) return answer(Ok{});
  writing_ = true;
  // Shared by the work, which reads it, and its completion, which puts it back if it has failed.
  const auto batch = std::make_shared<Batch>(take(backlog_, kMostPerUnit));
  in_store(
      host_, lifeline_,
      [batch, base = *base_](StoreTransaction& store) {
        write(store, *batch, base);
        return Ok{};
      },
      [this, batch, since = host_.timers().now()](const Result<Ok, Error>& result) { written(batch, since, result); });
}

void Writer::written(const std::shared_ptr<Batch>& batch, Instant since, const Result<Ok, Error>& result) {
  writing_ = false;
  metrics_.flush_seconds.observe(std::chrono::duration<double>{host_.timers().now() - since}.count());
  if (!result) {
    metrics_.flush_failures.add();
    append(*batch, std::exchange(backlog_, {}));
    backlog_ = std::move(*batch);
    trim();
    return answer(result.error());  // tried again by the next flush
  }
  metrics_.rows_written.add(static_cast<double>(batch->rows()));
  metrics_.waiting_rows.set(static_cast<double>(backlog_.rows()));
  write_some();
}

void Writer::answer(const Result<Ok, Error>& result) {
  for (Written& one : std::exchange(waiting_, {})) one(result);
}

}  // namespace sluice::analytics
