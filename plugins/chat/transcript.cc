#include "transcript.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <utility>
#include <vector>

#include "content_disposition.h"
#include "exchange.h"
#include "sluice/bus.h"
#include "sluice/contracts/audit.h"
#include "sluice/utc_text.h"

namespace sluice::chat {

namespace {

constexpr std::size_t kPage = 500;

std::string indented(const std::string& text) {
  std::string out;
  for (const char c : text) c == '\n' ? out.append("\n    ") : out.append(1, c);
  return out;
}

/// `[2026-07-30T10:05:00.000Z] Anna (host): Hello`
std::string text_line(const Message& message) {
  std::string out =
      "[" + utc_text_of_ms(message.sent_at) + "] " + message.sender.name + " (" + message.sender.role + ")";
  if (message.audience.scope == Scope::host) out += " to the hosts";
  if (message.audience.scope == Scope::one) out += " to " + message.audience.user_id;
  out += ": ";
  if (message.deleted_at) return out + "(deleted)\n";
  out += indented(message.text);
  if (message.file) out += " [file: " + message.file->name + "]";
  if (message.poll) {
    for (std::size_t i = 0; i < message.poll->options.size(); ++i) {
      out += "\n    - " + message.poll->options[i] + ": " + std::to_string(message.poll->votes[i]);
    }
  }
  return out + "\n";
}

std::string entry(const Message& message, TranscriptFormat format) {
  return format == TranscriptFormat::text ? text_line(message) : json::serialize(to_record(message));
}

}  // namespace

/// A transcript that is being read, page by page from the newest message back.
struct Transcripts::Draft {
  Offer offer;
  HttpReply reply;
  std::optional<std::int64_t> before{};
  std::vector<std::string> entries{};  ///< newest first
  std::size_t bytes = 0;
  bool complete = true;

  [[nodiscard]] std::string join() const {
    std::string out;
    out.reserve(bytes + entries.size() + 100);
    const bool is_text = offer.format == TranscriptFormat::text;
    if (is_text && !complete) out += "(older messages are left out)\n";
    if (!is_text) out += complete ? R"({"complete":true,"messages":[)" : R"({"complete":false,"messages":[)";
    for (std::size_t i = entries.size(); i-- > 0;) {
      out += entries[i];
      if (!is_text && i != 0) out += ',';
    }
    return is_text ? out : out + "]}";
  }
};

json::object Transcripts::offer(Client& client, const Export& request) {
  const Caller caller = conversations_.caller(client);
  Participant& participant = caller.participant;
  participant.demand(Permission::chat_moderate);
  caller.attendee.spend_asking(context_.host.timers().now());
  const TranscriptFormat format = request.format.value_or(TranscriptFormat::json);
  const std::string ticket = context_.host.random_token();
  offers_.add(ticket, {.viewer = caller.viewer(), .title = participant.room().name(), .format = format},
              context_.host.timers().now());
  audit(participant.room().tenant(), participant.room().id(), participant.identity(), format);
  return {{"url", "/api/chat/transcripts/" + ticket},
          {"expiresInMs", std::chrono::milliseconds{Tickets<Offer>::kLifetime}.count()}};
}

void Transcripts::audit(std::string_view tenant, std::string_view room_id, const Identity& actor,
                        TranscriptFormat format) {
  const json::object details{{"format", to_json(format)}};
  context_.host.bus().publish(AuditEvent{
      .tenant = tenant, .room_id = room_id, .actor = actor, .action = "chat.export", .target = "", .details = details});
}

void Transcripts::serve(const HttpRequest& request, HttpReply reply) {
  const auto offer = offers_.take(request.path_parameters.at("ticket"), context_.host.timers().now());
  if (!offer) throw Error{ErrorCode::not_found, "there is no such transcript, or its time is over"};
  write(offer->viewer, offer->title, offer->format, std::move(reply));
}

void Transcripts::write(const Viewer& viewer, const std::string& title, TranscriptFormat format, HttpReply reply) {
  add_page(std::make_shared<Draft>(
      Draft{.offer = {.viewer = viewer, .title = title, .format = format}, .reply = std::move(reply)}));
}

// A page a unit: others write meanwhile. The entries are made on the store's thread.
void Transcripts::add_page(std::shared_ptr<Draft> draft) {
  struct Piece {
    std::vector<std::string> entries;
    std::int64_t oldest = 0;
    bool has_more = false;
  };
  const auto most = static_cast<std::size_t>(context_.options.export_messages);
  const std::size_t count = std::min(kPage, most - draft->entries.size());
  try_in_store(
      context_,
      [viewer = draft->offer.viewer, format = draft->offer.format, before = draft->before,
       count](StoreTransaction& store) {
        const Page page = page_before(store, viewer, before, count);
        Piece piece{.entries = {}, .oldest = 0, .has_more = page.has_more};
        for (const Message& message : page.messages) {
          piece.entries.push_back(entry(message, format));
          piece.oldest = message.number;
        }
        return piece;
      },
      [this, draft, most](Piece& piece) {
        for (std::string& one : piece.entries) {
          draft->bytes += one.size();
          draft->entries.push_back(std::move(one));
        }
        draft->before = piece.oldest;
        const bool full = draft->entries.size() >= most || draft->bytes >= kMaxBytes;
        if (piece.has_more && !full) return add_page(draft);
        draft->complete = !piece.has_more;
        const bool is_text = draft->offer.format == TranscriptFormat::text;
        draft->reply.send({.status = 200,
                           .content_type = is_text ? "text/plain; charset=utf-8" : "application/json",
                           .body = draft->join(),
                           .headers = attachment(draft->offer.title + (is_text ? ".txt" : ".json"))});
      },
      [draft](const Error& error) { draft->reply.fail(error); });
}

}  // namespace sluice::chat
