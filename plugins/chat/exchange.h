#pragma once

#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "conversations.h"
#include "sluice/events.h"
#include "sluice/log.h"
#include "sluice/store.h"

/// What participants ask of the store: bounded, answered after the commit, and answered whatever happens.
namespace sluice::chat {

inline Error internal_error() { return Error{ErrorCode::internal, "this could not be stored; the log says why"}; }

/// Why a unit of work failed, as its asker is told: its own "no", or INTERNAL and a line in the log.
inline Error failure(Context& context, const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) {
    return error;
  } catch (const std::exception& error) {
    context.metrics.store_failures.add();
    context.host.log().error("the store failed", {{"error", error.what()}});
    return internal_error();
  }
}

/// Runs `work(StoreTransaction&)`, then `done(result)` on the control thread after the commit; else `fail(Error)`.
/// Throws Error{limit_exceeded} where the store has too much to do already.
template <class Work, class Done, class Fail>
void run_in_store(Context& context, Work work, Done done, Fail fail) {
  using T = std::invoke_result_t<Work&, StoreTransaction&>;
  context.host.store().transact(
      std::move(work), [&context, done = std::move(done), fail = std::move(fail)](JobResult<T> result) mutable {
        T* value = nullptr;
        try {
          value = &result.value();
        } catch (...) {
          return fail(failure(context, std::current_exception()));
        }
        done(*value);
      });
}

/// The same where nobody waits for an answer: a store with too much to do is one more failure.
template <class Work, class Done, class Fail>
void try_in_store(Context& context, Work work, Done done, Fail fail) {
  try {
    run_in_store(context, std::move(work), std::move(done), fail);
  } catch (const Error& error) {
    context.metrics.store_failures.add();
    context.host.log().warning("the store takes no more", {{"error", error.what()}});
    fail(error);
  }
}

/// The same for a participant: throws RATE_LIMITED where it has too much waiting, and answers `reply` if it fails.
/// `done(result, Answer)` runs whether or not the participant and its room are still there.
template <class Answer, class Work, class Done>
void ask_store(Context& context, Caller& caller, Answer reply, Work work, Done done) {
  if (caller.attendee.in_flight >= context.options.max_in_flight) {
    throw Error{ErrorCode::rate_limited, "wait for the earlier answers", {{"retryAfterMs", 100}}};
  }
  using T = std::invoke_result_t<Work&, StoreTransaction&>;
  // Shared by the two ways out, of which one is taken.
  const auto kept = std::make_shared<Answer>(std::move(reply));
  const auto landed = [conversation = caller.conversation, id = caller.participant.id()] {
    if (Attendee* attendee = conversation->attendee(id)) --attendee->in_flight;
  };
  run_in_store(
      context, std::move(work),
      [kept, landed, done = std::move(done)](T& result) mutable {
        landed();
        done(result, std::move(*kept));
      },
      [kept, landed](const Error& error) {
        landed();
        kept->fail(error);
      });
  ++caller.attendee.in_flight;
}

}  // namespace sluice::chat
