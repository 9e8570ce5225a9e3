#include "core/store/store_engine.h"

#include <future>
#include <utility>

#include "sluice/error.h"

namespace sluice {

StoreEngine::StoreEngine(OpenDatabase open) : open_{std::move(open)} {}
StoreEngine::~StoreEngine() { stop(); }

void StoreEngine::submit(Work work, Outcome outcome) {
  const bool taken = thread_.submit([this, work = std::move(work), outcome = std::move(outcome)]() mutable {
    std::exception_ptr error;
    try {
      work(database());
    } catch (...) {
      error = std::current_exception();
    }
    work = nullptr;  // what it owns dies before anybody hears that it is done
    outcome(std::move(error));
  });
  if (taken) return;
  if (stopped_) throw Error{ErrorCode::draining, "the store has been closed"};
  throw Error{ErrorCode::limit_exceeded, "too much work waits for the store", {{"limit", kMaxWaiting}}};
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
