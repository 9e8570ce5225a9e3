#include "listing.h"

#include <algorithm>
#include <utility>

#include "store_task.h"

namespace sluice::recording {

namespace {

std::uint32_t page_size(const std::optional<std::uint32_t>& wished) {
  return std::clamp(wished.value_or(kDefaultPage), 1U, kMostPage);
}

RecordingsQuery query_of(const HttpRequest& request) {
  static const json::object kSchema = schema_of<RecordingsQuery>();
  return from_json<RecordingsQuery>(rest::read_query(request, kSchema));
}

}  // namespace

// A meeting's are for all of its people; else, and to guests, what one was at.
void Listing::by_event(Client& client, const ListRecordings& request, Reply reply) {
  Participant& participant = context_.rooms.participant_of(client);
  Room& room = participant.room();
  const Identity& identity = participant.identity();
  Filter filter;
  filter.tenant = room.tenant();
  const auto meeting = context_.meetings == nullptr ? std::nullopt : context_.meetings->meeting_of(room);
  if (meeting) filter.meeting_id = meeting->id;
  if (!meeting) filter.room_id = room.id();
  if (!meeting || identity.guest) filter.user_id = identity.user_id;
  const auto kept = std::make_shared<Reply>(std::move(reply));
  in_store(
      context_,
      [filter, offset = request.offset.value_or(0), limit = page_size(request.limit)](StoreTransaction& store) {
        return list(store, filter, offset, limit);
      },
      [this, identity, kept](const Result<RecordPage, Error>& page) {
        if (!page) return kept->fail(page.error());
        json::array recordings;
        for (const Record& record : page->records) recordings.push_back(to_json(addresses_.entry(record, identity)));
        kept->ok(json::object{{"recordings", std::move(recordings)}, {"total", page->total}});
      });
}

void Listing::send(const Filter& filter, const Identity& caller, std::uint32_t offset, std::uint32_t limit,
                   rest::Reply reply) {
  const auto kept = std::make_shared<rest::Reply>(std::move(reply));
  in_store(
      context_, [filter, offset, limit](StoreTransaction& store) { return list(store, filter, offset, limit); },
      [this, caller, offset, limit, kept](const Result<RecordPage, Error>& page) {
        if (!page) return kept->fail(page.error());
        json::array recordings;
        for (const Record& record : page->records) recordings.push_back(to_json(addresses_.view(record, caller)));
        const auto shown = static_cast<std::int64_t>(page->records.size());
        kept->member("pagination", json::object{{"offset", offset},
                                                {"limit", limit},
                                                {"total", page->total},
                                                {"has_more", offset + shown < page->total}});
        kept->ok(json::object{{"recordings", std::move(recordings)}});
      });
}

void Listing::of_caller(const Identity& caller, const RecordingsQuery& query, rest::Reply reply) {
  Filter filter;
  filter.tenant = caller.tenant;
  filter.user_id = caller.user_id;
  if (query.room) filter.room_id = *query.room;
  send(filter, caller, query.offset.value_or(0), page_size(query.limit), std::move(reply));
}

void Listing::of_meeting(const HttpRequest& request, const MeetingInfo& meeting, rest::Reply reply) {
  const RecordingsQuery query = query_of(request);
  Filter filter;
  filter.tenant = meeting.tenant;
  filter.meeting_id = meeting.id;
  send(filter, request.identity, query.offset.value_or(0), page_size(query.limit), std::move(reply));
}

void Listing::one(const Identity& caller, const std::string& id, rest::Reply reply) {
  const auto kept = std::make_shared<rest::Reply>(std::move(reply));
  access_.find(caller, id, Access::Need::see, [this, caller, kept](const Result<Record, Error>& record) {
    if (!record) return kept->fail(record.error());
    kept->ok(to_json(addresses_.view(*record, caller)));
  });
}

void Listing::one_of_meeting(const Identity& caller, const MeetingInfo& meeting, const std::string& id,
                             rest::Reply reply) {
  const auto kept = std::make_shared<rest::Reply>(std::move(reply));
  in_store(
      context_, [id](StoreTransaction& store) { return find(store, id); },
      [this, caller, meeting = meeting.id, tenant = meeting.tenant,
       kept](const Result<std::optional<Record>, Error>& found) {
        if (!found) return kept->fail(found.error());
        const auto& record = *found;
        const bool there =
            record && record->state != State::deleted && record->tenant == tenant && record->meeting_id == meeting;
        if (!there) return kept->fail(no_such_recording());
        kept->ok(to_json(addresses_.view(*record, caller)));
      });
}

}  // namespace sluice::recording
