#include "downloads.h"

#include <utility>

#include "audit.h"
#include "content_disposition.h"
#include "records.h"
#include "sluice/utc_text.h"
#include "store_task.h"

namespace sluice::recording {

namespace {

std::string query_of(const HttpRequest& request, std::string_view name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string{} : found->second;
}

/// A player asks for many pieces of a file: the first one is the download.
bool begins(const HttpRequest& request) {
  const auto range = request.headers.find("range");
  return range == request.headers.end() || range->second.starts_with("bytes=0-");
}

std::string saved_as(const Record& record, const KeptFile& file) {
  const auto dot = file.name.rfind('.');
  const std::string extension = dot == std::string::npos ? std::string{} : file.name.substr(dot);
  const std::string title = record.settings.title + " " + utc_text_of_ms(record.started_at).substr(0, 10);
  const bool is_main = file.kind == "recording";
  return file_name_of(is_main ? title : title + " " + file.name.substr(0, dot), extension);
}

}  // namespace

void Downloads::serve(const HttpRequest& request, const std::string& recording_id, const std::string& name,
                      HttpReply reply) {
  const auto kept = std::make_shared<HttpReply>(std::move(reply));
  const bool save = query_of(request, "download") == "1";
  if (const std::string ticket = query_of(request, "ticket"); !ticket.empty()) {
    return serve_by_ticket(request, recording_id, name, ticket, kept);
  }
  access_.find(request.identity, recording_id, Access::Need::see,
               [this, name, save, caller = request.identity, first = begins(request),
                kept](const Result<Record, Error>& record) {
                 if (!record) return kept->fail(record.error());
                 if (first) audit(context_, *record, caller, "recording.download", {{"file", name}});
                 send(*record, name, save, kept);
               });
}

void Downloads::serve_by_ticket(const HttpRequest& request, const std::string& recording_id, const std::string& name,
                                const std::string& text, Kept reply) {
  Tickets::Ticket* const ticket = addresses_.tickets().find(text, context_.host.timers().now());
  if (ticket == nullptr || ticket->recording_id != recording_id) return reply->fail(no_such_recording());
  const bool first = !std::exchange(ticket->used, true);
  in_store(
      context_, [recording_id](StoreTransaction& store) { return find(store, recording_id); },
      [this, name, first, save = query_of(request, "download") == "1", holder = ticket->holder,
       reply](const Result<std::optional<Record>, Error>& record) {
        if (!record) return reply->fail(record.error());
        if (!*record || (*record)->state == State::deleted) return reply->fail(no_such_recording());
        if (first) audit(context_, **record, holder, "recording.download", {{"file", name}});
        send(**record, name, save, reply);
      });
}

void Downloads::send(const Record& record, const std::string& name, bool save, Kept reply) {
  const KeptFile* const file = name.empty() ? main_file(record) : find_file(record, name);
  if (record.state != State::ready) {
    return reply->fail(Error{ErrorCode::conflict, "the recording is not ready"});
  }
  if (file == nullptr) return reply->fail(Error{ErrorCode::not_found, "the recording has no such file"});
  context_.storage.serve(file->key, file->content_type, save ? saved_as(record, *file) : std::string{},
                         context_.lifeline.guard([reply](Result<HttpReply::Response, Error> response) {
                           if (!response) return reply->fail(response.error());
                           reply->send(std::move(*response));
                         }));
}

}  // namespace sluice::recording
