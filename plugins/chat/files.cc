#include "files.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "content_disposition.h"
#include "disk.h"
#include "exchange.h"
#include "meeting_access.h"
#include "message_text.h"
#include "sluice/background.h"

namespace sluice::chat {

namespace {

constexpr std::string_view kPath = "/api/chat/files/";

Error no_such_file() { return Error{ErrorCode::not_found, "there is no such file, or its time is over"}; }

[[noreturn]] void refuse(std::string_view path, std::string_view why) {
  throw Error{ErrorCode::invalid_payload, std::string{path} + ": " + std::string{why}, {{"path", path}}};
}

std::string ticket_of(const HttpRequest& request) {
  const auto found = request.query.find("ticket");
  return found == request.query.end() ? std::string{} : found->second;
}

/// `text/plain; charset=utf-8` is `text/plain`.
std::string media_type_of(const HttpRequest& request) {
  const auto found = request.headers.find("content-type");
  if (found == request.headers.end()) return {};
  const auto end = found->second.find_first_of("; ");
  return found->second.substr(0, end);
}

json::object described(const SharedFile& file) {
  return {{"fileId", file.id}, {"name", file.name}, {"type", file.type}, {"size", file.bytes}};
}

}  // namespace

Files::Files(Context& context, Conversations& conversations) : context_{context}, conversations_{conversations} {
  const std::string& folder = context_.options.files.storage_dir;
  if (!folder.empty()) disk::prepare(folder);
}

SharedFile Files::checked(const Upload& request) const {
  const FileOptions& options = context_.options.files;
  if (options.storage_dir.empty()) throw Error{ErrorCode::unsupported, "this gateway keeps no files"};
  if (std::ranges::count(options.types, request.type) == 0) {
    json::array supported;
    for (const std::string& type : options.types) supported.emplace_back(type);
    throw Error{ErrorCode::unsupported,
                "files of this type are not taken",
                {{"offered", std::string_view{request.type}}, {"supported", std::move(supported)}}};
  }
  if (request.size < 1) refuse("size", "must be at least 1");
  if (request.size > options.max_bytes) {
    throw Error{ErrorCode::limit_exceeded, "the file is too long", {{"limit", options.max_bytes}}};
  }
  return {.id = context_.host.random_token(),
          .name = sanitise_file_name(request.name),
          .type = request.type,
          .bytes = request.size};
}

void Files::offer_upload(Client& client, const Upload& request, Reply reply) {
  Caller caller = conversations_.caller(client);
  caller.participant.demand(Permission::chat);
  caller.participant.demand(Permission::upload_files);
  const SharedFile file = checked(request);
  caller.attendee.spend_asking(context_.host.timers().now());
  const FileOptions& options = context_.options.files;
  ask_store(
      context_, caller, std::move(reply),
      [record =
           FileRecord{
               .owner = caller.viewer(), .file = file, .created_at = unix_ms(context_.host.timers().wall_time())},
       quota = Quota{.room = options.room_bytes, .user = options.user_bytes}](StoreTransaction& store) {
        promise_file(store, record, quota);
        return Ok{};
      },
      [this, file](Ok, Reply to) {
        const std::string ticket = context_.host.random_token();
        uploads_.add(ticket, {.file_id = file.id, .type = file.type, .bytes = file.bytes},
                     context_.host.timers().now());
        to.ok(json::object{{"fileId", file.id},
                           {"url", std::string{kPath} + file.id + "?ticket=" + ticket},
                           {"method", "PUT"},
                           {"expiresInMs", std::chrono::milliseconds{Tickets<Promise>::kLifetime}.count()}});
      });
}

void Files::put(const HttpRequest& request, rest::Reply reply) {
  const std::string& file_id = request.path_parameters.at("id");
  const std::string ticket = ticket_of(request);
  const Promise* promise = uploads_.find(ticket, context_.host.timers().now());
  if (promise == nullptr || promise->file_id != file_id) throw no_such_file();
  if (media_type_of(request) != promise->type) throw Error{ErrorCode::unsupported, "the file is of another type"};
  if (std::cmp_not_equal(request.body.size(), promise->bytes)) refuse("size", "the file is not as long as was said");
  static_cast<void>(uploads_.take(ticket, context_.host.timers().now()));
  store(file_id, request.body, std::move(reply));
}

void Files::store(const std::string& file_id, std::string content, rest::Reply reply) {
  // Shared by the ways out, of which one is taken.
  const auto kept = std::make_shared<rest::Reply>(std::move(reply));
  context_.host.background().run(
      [folder = context_.options.files.storage_dir, file_id, content = std::move(content)] {
        disk::write(folder, file_id, content);
        return Ok{};
      },
      [this, file_id, kept](JobResult<Ok> done) {
        try {
          static_cast<void>(done.value());
        } catch (const std::exception& error) {
          context_.host.log().error("a file was not stored", {{"error", error.what()}});
          return kept->fail(internal_error());
        }
        written(file_id, kept);
      });
}

void Files::written(const std::string& file_id, std::shared_ptr<rest::Reply> reply) {
  try_in_store(
      context_,
      [file_id](StoreTransaction& store) {
        store_file(store, file_id);
        return Ok{};
      },
      [this, file_id, reply](Ok) {
        context_.metrics.files.add();
        reply->created(json::object{{"file_id", file_id}});
      },
      [this, file_id, reply](const Error& error) {
        // Its room closed while it was written: nobody else knows of it any more.
        if (error.code() == ErrorCode::not_found) remove(file_id);
        reply->fail(error);
      });
}

void Files::remove(const std::string& file_id) {
  context_.host.background().run(
      [folder = context_.options.files.storage_dir, ids = std::vector{file_id}] {
        disk::remove(folder, ids);
        return Ok{};
      },
      [](const JobResult<Ok>&) {});
}

void Files::offer_download(Client& client, const FileName& request, Reply reply) {
  Caller caller = conversations_.caller(client);
  caller.attendee.spend_asking(context_.host.timers().now());
  ask_store(
      context_, caller, std::move(reply),
      [viewer = caller.viewer(), id = request.file_id](StoreTransaction& store) {
        return find_file(store, viewer, id);
      },
      [this](const SharedFile& file, Reply to) {
        const std::string ticket = context_.host.random_token();
        downloads_.add(ticket, file, context_.host.timers().now());
        json::object data = described(file);
        data["url"] = std::string{kPath} + file.id + "?ticket=" + ticket;
        data["expiresInMs"] = std::chrono::milliseconds{Tickets<SharedFile>::kLifetime}.count();
        to.ok(std::move(data));
      });
}

void Files::get(const HttpRequest& request, HttpReply reply) {
  const std::string& file_id = request.path_parameters.at("id");
  if (const std::string ticket = ticket_of(request); !ticket.empty()) {
    const SharedFile* file = downloads_.find(ticket, context_.host.timers().now());
    if (file == nullptr || file->id != file_id) throw no_such_file();
    return send(*file, reply);
  }
  const auto kept = std::make_shared<HttpReply>(std::move(reply));
  run_in_store(
      context_, [file_id](StoreTransaction& store) { return where_is_file(store, file_id); },
      [this, file_id, caller = request.identity, kept](const std::optional<Where>& where) {
        if (!where || where->tenant != caller.tenant) return kept->fail(no_such_file());
        find_by_token(caller, *where, file_id, std::move(*kept));
      },
      [kept](const Error& error) { kept->fail(error); });
}

// Who is in the room now reads as what it is there; who is not may have been at the meeting.
void Files::find_by_token(const Identity& caller, const Where& where, const std::string& file_id, HttpReply reply) {
  if (const auto conversation = conversations_.find(where)) {
    for (Participant* one : conversation->room->participants()) {
      if (one->identity().user_id != caller.user_id) continue;
      return find_for({.where = where, .user_id = caller.user_id, .moderator = is_moderator(one->role())}, file_id,
                      std::move(reply));
    }
  }
  constexpr std::string_view kMeeting = "m:";
  if (context_.meetings == nullptr || !where.conversation.starts_with(kMeeting)) return reply.fail(no_such_file());
  admit_reader(*context_.meetings, caller, std::string_view{where.conversation}.substr(kMeeting.size()),
               [this, file_id, reply = std::move(reply)](Result<Viewer, Error> viewer) mutable {
                 if (!viewer) return reply.fail(no_such_file());
                 find_for(*viewer, file_id, std::move(reply));
               });
}

void Files::find_for(const Viewer& viewer, const std::string& file_id, HttpReply reply) {
  const auto kept = std::make_shared<HttpReply>(std::move(reply));
  try_in_store(
      context_, [viewer, file_id](StoreTransaction& store) { return find_file(store, viewer, file_id); },
      [this, kept](const SharedFile& file) { send(file, *kept); }, [kept](const Error& error) { kept->fail(error); });
}

void Files::send(const SharedFile& file, HttpReply& reply) const {
  reply.send({.content_type = file.type,
              .body = {},
              .headers = attachment(file.name),
              .file = disk::path_of(context_.options.files.storage_dir, file.id).string()});
}

}  // namespace sluice::chat
