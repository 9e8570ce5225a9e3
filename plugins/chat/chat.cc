// The chat: messages between the people of a room, kept in the store. This page lists what it answers to; what it does
// stands in the files beside it.
#include <memory>

#include "context.h"
#include "conversations.h"
#include "files.h"
#include "meeting_access.h"
#include "meeting_part.h"
#include "migrations.h"
#include "poll_news.h"
#include "posting.h"
#include "reading.h"
#include "revising.h"
#include "sluice/bus.h"
#include "sluice/plugin.h"
#include "sluice/rest.h"
#include "sluice/services.h"
#include "transcript.h"
#include "typing.h"
#include "upkeep.h"

namespace sluice::chat {

class Chat final : public Plugin {
 public:
  void start(Host& host, const Config& config) override {
    host.store().migrate(migrations());
    parts_ = std::make_unique<Parts>(host, config.as<Options>());
    answer_events(host.events());
    serve_routes(host.http());
    host.bus().on<MeetingDeleted>(
        [this](const MeetingDeleted& event) { parts_->upkeep.erase(where_of(event.meeting)); });
    parts_->upkeep.start();
  }

  void reconfigure(const Config& config) override { parts_->context.options = config.as<Options>(); }
  void stop() override { parts_->meeting_part.reset(); }

 private:
  struct Parts {
    Parts(Host& host, Options options)
        : context{.host = host,
                  .options = std::move(options),
                  .rooms = *host.services().require<Rooms>(),
                  .meetings = host.services().find<Meetings>(),
                  .metrics = ChatMetrics{host.metrics()}} {}

    Context context;
    Upkeep upkeep{context};
    Conversations conversations{context, [this](const Where& where) { upkeep.erase(where); }};
    Typing typing{context, conversations};
    PollNews polls{context, conversations};
    Posting posting{context, conversations, typing};
    Revising revising{context, conversations, upkeep, polls};
    Reading reading{context, conversations};
    Transcripts transcripts{context, conversations};
    Files files{context, conversations};
    std::unique_ptr<MeetingPart> meeting_part =
        std::make_unique<MeetingPart>(context, conversations, posting, transcripts);
  };

  void answer_events(Events& events) {
    with(events, &Parts::posting, "chat:send", &Posting::send);
    with(events, &Parts::revising, "chat:edit", &Revising::edit);
    with(events, &Parts::revising, "chat:delete", &Revising::remove);
    with(events, &Parts::revising, "chat:react", &Revising::react);
    with(events, &Parts::revising, "chat:vote", &Revising::vote);
    with(events, &Parts::reading, "chat:history", &Reading::history);
    with(events, &Parts::files, "chat:upload", &Files::offer_upload);
    with(events, &Parts::files, "chat:file", &Files::offer_download);
    events.on<SetTyping>("chat:typing", [this](Client& c, const SetTyping& r) { parts_->typing.set(c, r); });
    events.on<Export>("chat:export", [this](Client& c, const Export& r) { return parts_->transcripts.offer(c, r); });
  }

  void serve_routes(Http& http) {
    const FileOptions& files = parts_->context.options.files;
    const auto most = files.storage_dir.empty() ? std::size_t{0} : static_cast<std::size_t>(files.max_bytes);
    rest::route(
        http, "PUT", "/api/chat/files/{id}",
        {.summary = "Uploads a file that `chat:upload` has announced",
         .tag = "chat",
         .errors = {ErrorCode::not_found, ErrorCode::unsupported},
         .status = 201,
         .guests = true,
         .body_type = "application/octet-stream",
         .body_bytes = most},
        [this](const rest::Call<>& call, rest::Reply reply) { parts_->files.put(call.http, std::move(reply)); });
    rest::route(http, "GET", "/api/chat/files/{id}",
                {.summary = "A file of a message that the caller may see",
                 .tag = "chat",
                 .errors = {ErrorCode::not_found},
                 .guests = true,
                 .answer_type = "application/octet-stream"},
                [this](const rest::Call<>& call, rest::Reply reply) {
                  parts_->files.get(call.http, std::move(reply).release());
                });
    rest::route(http, "GET", "/api/chat/transcripts/{ticket}",
                {.summary = "The transcript that `chat:export` has announced, once",
                 .tag = "chat",
                 .errors = {ErrorCode::not_found},
                 .guests = true,
                 .answer_type = "application/octet-stream"},
                [this](const rest::Call<>& call, rest::Reply reply) {
                  parts_->transcripts.serve(call.http, std::move(reply).release());
                });
  }

  /// Answers to an event by a method of one part.
  template <class Part, class Request>
  void with(Events& events, Part Parts::*part, std::string_view name,
            void (Part::*method)(Client&, const Request&, Reply)) {
    events.on<Request>(name, [this, part, method](Client& client, const Request& request, Reply reply) {
      (((*parts_).*part).*method)(client, request, std::move(reply));
    });
  }

  std::unique_ptr<Parts> parts_;
};

}  // namespace sluice::chat

SLUICE_PLUGIN(sluice::chat::Chat, "chat", "0.1.0", sluice::options<sluice::chat::Options>(),
              sluice::requires_service<sluice::Rooms>(), sluice::uses_service<sluice::Meetings>())
