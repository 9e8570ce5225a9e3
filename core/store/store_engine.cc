#include "core/store/store_engine.h"

#include <chrono>
#include <future>
#include <utility>

#include "sluice/error.h"

namespace sluice {

StoreEngine::StoreEngine(OpenDatabase open, Watch watch) : open_{std::move(open)}, watch_{watch} {}
StoreEngine::~StoreEngine() { stop(); }

void StoreEngine::submit(Work work, Outcome outcome) {
  append({.alone = true, .work = std::move(work), .outcome = std::move(outcome)});
}

void StoreEngine::submit_unit(Work work, Outcome outcome) {
  append({.alone = false, .work = std::move(work), .outcome = std::move(outcome)});
}

void StoreEngine::append(Unit unit) {
  const std::lock_guard lock{mutex_};
  if (stopped_) throw Error{ErrorCode::draining, "the store has been closed"};
  if (waiting_.size() >= kMaxWaiting) {
    throw Error{ErrorCode::limit_exceeded, "too much work waits for the store", {{"limit", kMaxWaiting}}};
  }
  waiting_.push_back(std::move(unit));
  if (std::exchange(running_, true)) return;
  if (thread_.submit([this] { run_waiting(); })) return;
  running_ = false;
  waiting_.pop_back();
  throw Error{ErrorCode::draining, "the store has been closed"};
}

void StoreEngine::after_waiting(Function<void()> done) {
  {
    const std::lock_guard lock{mutex_};
    if (running_) {  // beyond kMaxWaiting: it holds nothing but its place
      waiting_.push_back({.alone = true,
                          .work = nullptr,
                          .outcome = [done = std::move(done)](const std::exception_ptr&) mutable { done(); }});
      return;
    }
  }
  done();
}

StoreEngine::Units StoreEngine::take_next() {
  const std::lock_guard lock{mutex_};
  Units units;
  while (!waiting_.empty() && units.size() < kMostPerCommit) {
    const bool alone = waiting_.front().alone;
    if (alone && !units.empty()) break;
    units.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
    if (alone) break;
  }
  running_ = !units.empty();
  return units;
}

void StoreEngine::run_waiting() {
  for (Units units = take_next(); !units.empty(); units = take_next()) run_group(units);
}

std::size_t StoreEngine::waiting() const {
  const std::lock_guard lock{mutex_};
  return waiting_.size();
}

void StoreEngine::run_and_measure(Units& units) {
  const Instant began = watch_.clock == nullptr ? Instant{} : watch_.clock->now();
  if (units.front().alone) {
    run_alone(units.front());
  } else {
    run_together(units);
  }
  if (watch_.clock == nullptr) return;
  watch_.commit_seconds->observe(std::chrono::duration<double>(watch_.clock->now() - began).count());
  for (const Unit& unit : units) {
    if (unit.error) watch_.failures->add();
  }
}

void StoreEngine::run_group(Units& units) {
  run_and_measure(units);
  for (Unit& unit : units) unit.work = nullptr;  // what it owns dies before anybody hears that it is done
  for (Unit& unit : units) unit.outcome(std::move(unit.error));
}

void StoreEngine::run_alone(Unit& unit) {
  try {
    if (unit.work) unit.work(database());
  } catch (...) {
    unit.error = std::current_exception();
  }
}

void StoreEngine::run_together(Units& units) {
  try {
    Database& connection = database();
    in_transaction(connection, [&] {
      for (Unit& unit : units) run_part(unit, connection);
    });
  } catch (...) {
    for (Unit& unit : units) {
      if (!unit.error) unit.error = std::current_exception();
    }
  }
}

void StoreEngine::run_part(Unit& unit, Database& connection) {
  connection.begin_part();
  try {
    unit.work(connection);
  } catch (...) {
    unit.error = std::current_exception();
  }
  if (!unit.error) return connection.keep_part();
  if (!connection.in_transaction()) std::rethrow_exception(unit.error);  // the others' parts are gone with it
  connection.undo_part();
}

void StoreEngine::run(Work work) {
  // Owners: this call and the outcome, which may still be leaving set_value() when the waiting ends.
  const auto done = std::make_shared<std::promise<void>>();
  // Handed over whole: the exception dies on this thread, which reads it last.
  std::exception_ptr failure;
  submit(std::move(work), [done, &failure](std::exception_ptr error) {
    failure = std::move(error);
    done->set_value();
  });
  done->get_future().get();
  if (failure) std::rethrow_exception(failure);
}

void StoreEngine::stop() {
  stopped_ = true;
  thread_.stop();
  database_.reset();
}

Database& StoreEngine::database() {
  if (database_ == nullptr) database_ = open_();
  return *database_;
}

}  // namespace sluice
