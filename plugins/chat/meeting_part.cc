#include "meeting_part.h"

#include <algorithm>
#include <utility>

#include "exchange.h"
#include "meeting_access.h"

namespace sluice::chat {

namespace {

/// The query of `GET /api/meeting/{id}/chat`.
struct ReadChat {
  static constexpr bool kSnakeCase = true;
  std::optional<std::int64_t> before;  ///< the number of a message
  std::optional<std::uint32_t> limit;
  std::optional<TranscriptFormat> format;  ///< the whole of it, as a download
};
BOOST_DESCRIBE_STRUCT(ReadChat, (), (before, limit, format))

struct PostChat {
  static constexpr bool kSnakeCase = true;
  Text<kMaxTextBytes> message;
  std::optional<MessageType> type;
  std::optional<Id> to;
  std::optional<Id> reply_to;
};
BOOST_DESCRIBE_STRUCT(PostChat, (), (message, type, to, reply_to))

struct CountedPage {
  Page page;
  std::int64_t total = 0;
};

ReadChat query_of(const HttpRequest& request) {
  static const json::object kSchema = schema_of<ReadChat>();
  return from_json<ReadChat>(rest::read_query(request, kSchema));
}

Participant* find_user(Rooms& rooms, const MeetingInfo& meeting, const Identity& caller) {
  Room* room = rooms.find(meeting.tenant, meeting.room_id);
  if (room == nullptr) return nullptr;
  for (Participant* one : room->participants()) {
    if (one->identity().user_id == caller.user_id) return one;
  }
  return nullptr;
}

}  // namespace

MeetingPart::MeetingPart(Context& context, Conversations& conversations, Posting& posting, Transcripts& transcripts)
    : context_{context}, conversations_{conversations}, posting_{posting}, transcripts_{transcripts} {
  if (context_.meetings == nullptr) return;
  part_ =
      context_.meetings->provide_part("chat", [this](const HttpRequest& request, const MeetingInfo& meeting,
                                                     rest::Reply reply) { serve(request, meeting, std::move(reply)); });
  figure_ = context_.meetings->provide_figure("total_chat_messages", [this](const MeetingInfo& meeting) {
    const auto messages = conversations_.messages_of(meeting);
    return messages ? json::value(*messages) : json::value(nullptr);
  });
  add_post_route("/api/meeting/");
  add_post_route("/api/v1/meetings/");
}

// The caller may see the meeting; what of its chat depends on whether it moderates.
void MeetingPart::serve(const HttpRequest& request, const MeetingInfo& meeting, rest::Reply reply) {
  const ReadChat query = query_of(request);
  admit_reader(*context_.meetings, request.identity, meeting.id,
               [this, query, meeting, request, reply = std::move(reply)](Result<Viewer, Error> viewer) mutable {
                 if (!viewer) return reply.fail(viewer.error());
                 if (!query.format) return send_page(request, *viewer, std::move(reply));
                 if (!viewer->moderator) {
                   return reply.fail(Error{ErrorCode::permission_denied, "transcripts are for those who moderate"});
                 }
                 transcripts_.audit(meeting.tenant, meeting.room_id, request.identity, *query.format);
                 transcripts_.write(*viewer, meeting.name, *query.format, std::move(reply).release());
               });
}

void MeetingPart::send_page(const HttpRequest& request, const Viewer& viewer, rest::Reply reply) {
  const ReadChat query = query_of(request);
  const auto most = static_cast<std::uint32_t>(context_.options.history_page);
  const std::size_t limit = std::clamp(query.limit.value_or(most), 1U, most);
  const auto kept = std::make_shared<rest::Reply>(std::move(reply));
  try_in_store(
      context_,
      [viewer, limit, before = query.before](StoreTransaction& store) {
        return CountedPage{.page = page_before(store, viewer, before, limit), .total = count_messages(store, viewer)};
      },
      [kept](const CountedPage& counted) {
        json::array messages;
        for (const Message& message : counted.page.messages) messages.push_back(to_record(message));
        kept->ok(json::object{
            {"messages", std::move(messages)}, {"total_messages", counted.total}, {"has_more", counted.page.has_more}});
      },
      [kept](const Error& error) { kept->fail(error); });
}

void MeetingPart::add_post_route(const std::string& prefix) {
  rest::route<PostChat>(
      context_.host.http(), "POST", prefix + "{id}/chat",
      {.summary = "Sends a message as the participant that the caller is now",
       .tag = "chat",
       .errors = {ErrorCode::not_found, ErrorCode::not_in_room, ErrorCode::permission_denied},
       .status = 201},
      [this](const rest::Call<PostChat>& call, rest::Reply reply) {
        SendMessage request;
        request.message = call.body.message;
        request.type = call.body.type;
        request.to = call.body.to;
        request.reply_to = call.body.reply_to;
        const auto kept = std::make_shared<rest::Reply>(std::move(reply));
        context_.meetings->find(
            call.caller(), call.path("id"), MeetingAccess::participant,
            [this, request, caller = call.caller(), kept](Result<MeetingInfo, Error> meeting) {
              if (!meeting) return kept->fail(meeting.error());
              Participant* sender = find_user(context_.rooms, *meeting, caller);
              if (sender == nullptr) {
                return kept->fail(Error{ErrorCode::not_in_room, "who sends a message takes part in the meeting"});
              }
              try {
                posting_.post(conversations_.caller(*sender), request,
                              {.stored = [kept](const Message& message) { kept->created(to_record(message)); },
                               .failed = [kept](const Error& error) { kept->fail(error); }});
              } catch (const Error& error) {
                kept->fail(error);
              }
            });
      });
}

}  // namespace sluice::chat
