#include "edit.h"

#include <algorithm>
#include <utility>

#include "background_task.h"
#include "password.h"

namespace sluice::meetings {

namespace {

/// How often a change is tried again where others write at the same time.
constexpr int kMostAttempts = 4;

Repository::Draft ready(Edited edited) {
  Repository::Draft draft{.meeting = std::move(edited.meeting), .occurrences = {}, .invited = {}};
  if (edited.password) draft.meeting.password_hash = edited.password->empty() ? "" : hash_password(*edited.password);
  const std::vector<Occurrence> all = occurrences_of(draft.meeting);
  if (edited.occurs_at && std::ranges::count(all, *edited.occurs_at, &Occurrence::start) == 0) {
    refuse("recurrence_id", "must be the start of an occurrence");
  }
  draft.occurrences = settle_occurrences(draft.meeting, all);
  if (edited.people) draft.invited = std::move(*edited.people);
  return draft;
}

// What an edit needs while it waits for the store.
struct Running {
  Context& context;
  Edit edit;
  HttpRequest http;  // of it the caller, the path and If-Match
  int attempts = 0;

  [[nodiscard]] bool conditional() const { return http.headers.contains("if-match"); }
};
// One owner at a time: the callback that goes on with it.
using RunningEdit = std::unique_ptr<Running>;

void attempt(RunningEdit running, rest::Reply reply);

// Whether it may go on; otherwise it has been answered.
bool check_precondition(const Running& running, const Meeting& meeting, rest::Reply& reply) {
  const rest::Precondition met = rest::if_match(running.http, entity_tag(meeting));
  if (met == rest::Precondition::holds) return true;
  if (met == rest::Precondition::missing && !running.context.options.require_if_match) return true;
  reply.precondition_failed(met, entity_tag(meeting));
  return false;
}

void written(RunningEdit running, const Seen& seen, Result<Repository::Written, Error> result, rest::Reply reply) {
  const bool outrun = !result && result.error().code() == ErrorCode::conflict;
  if (outrun && (running->conditional() || running->attempts < kMostAttempts)) {
    return attempt(std::move(running), std::move(reply));  // a failed If-Match is found there
  }
  answering(running->context.host, reply, [&] { running->edit.finish(seen, std::move(value_of(result)), reply); });
}

void write(RunningEdit running, Seen seen, Edited edited, rest::Reply reply) {
  Context& context = running->context;
  const auto people = edited.people ? Repository::People::replace : Repository::People::keep;
  make_ready(context, std::move(edited),
             [people, running = std::move(running), seen = std::move(seen),
              reply = std::move(reply)](Result<Repository::Draft, Error> draft) mutable {
               if (!draft) return reply.fail(draft.error());
               Repository& repository = running->context.repository;
               repository.write(std::move(*draft), people,
                                [running = std::move(running), seen = std::move(seen),
                                 reply = std::move(reply)](Result<Repository::Written, Error> result) mutable {
                                  written(std::move(running), seen, std::move(result), std::move(reply));
                                });
             });
}

void attempt(RunningEdit running, rest::Reply reply) {
  ++running->attempts;
  Context& context = running->context;
  const HttpRequest& http = running->http;
  const Standing least = running->edit.least;
  with_meeting(context, http, least, std::move(reply),
               [running = std::move(running)](Seen seen, rest::Reply& open) mutable {
                 if (!check_precondition(*running, seen.view.meeting, open)) return;
                 Edited edited = running->edit.change(seen);
                 if (edited.unchanged) {
                   running->edit.finish(seen, {.meeting = seen.view.meeting, .added = {}, .removed = {}}, open);
                   return;
                 }
                 write(std::move(running), std::move(seen), std::move(edited), std::move(open));
               });
}

}  // namespace

std::string entity_tag(const Meeting& meeting) { return '"' + std::to_string(meeting.version) + '"'; }

void make_ready(Context& context, Edited edited, Function<void(Result<Repository::Draft, Error>)> done) {
  const bool takes_time = edited.meeting.recurrence || (edited.password && !edited.password->empty());
  if (!takes_time) return done(ready(std::move(edited)));  // nothing in it can fail then
  in_background<Repository::Draft>(
      context.host, [edited = std::move(edited)]() mutable { return ready(std::move(edited)); }, std::move(done));
}

void edit_meeting(Context& context, const HttpRequest& http, rest::Reply reply, Edit edit) {
  HttpRequest kept;
  kept.identity = http.identity;
  kept.path_parameters = http.path_parameters;
  if (const auto found = http.headers.find("if-match"); found != http.headers.end()) kept.headers.insert(*found);
  attempt(std::make_unique<Running>(Running{.context = context, .edit = std::move(edit), .http = std::move(kept)}),
          std::move(reply));
}

}  // namespace sluice::meetings
