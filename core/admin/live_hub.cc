#include "core/admin/live_hub.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <functional>
#include <set>
#include <utility>

#include "core/admin/event_stream.h"
#include "sluice/json.h"

namespace sluice {

namespace {

/// Who may see the same. Not by name: all viewers of a role share one answer.
std::string rights_of(const Identity& viewer) {
  return viewer.role.value_or("") + "\n" + viewer.tenant + "\n" + viewer.user_type;
}

std::string envelope(const Error& error) {
  json::object body{{"success", false}};
  body["error"] = error.to_json();
  return json::serialize(body);
}

bool is_too_large(const net::HttpResponse& response) {
  return response.body && response.body->size() > LiveHub::kMaxAnswerBytes;
}

/// The JSON that is sent for an answer.
std::string data_of(const net::HttpResponse& response) {
  const bool is_json = response.headers.get("Content-Type").starts_with("application/json");
  if (!is_json || !response.body || response.stream || !response.file.empty()) {
    return envelope(Error{ErrorCode::unsupported, "only answers in JSON can be watched"});
  }
  if (is_too_large(response)) {
    return envelope(Error{
        ErrorCode::limit_exceeded, "the answer is too large to be watched", {{"limit", LiveHub::kMaxAnswerBytes}}});
  }
  return *response.body;
}

/// The top-level member `next`, as it is put into a query; empty: there is none.
std::string cursor_of(const std::string& data) {
  if (data.find("\"next\"") == std::string::npos) return {};
  boost::system::error_code failed;
  const json::value answer = json::parse(data, failed);
  const json::object* members = failed ? nullptr : answer.if_object();
  const json::value* next = members != nullptr ? members->if_contains("next") : nullptr;
  if (next == nullptr) return {};
  if (next->is_int64() || next->is_uint64()) return json::serialize(*next);
  if (!next->is_string()) return {};
  const json::string& text = next->as_string();
  const bool is_plain = std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
           c == '.';
  });
  return is_plain ? std::string{text} : std::string{};
}

std::string with_cursor(std::string target, const std::string& cursor) {
  if (cursor.empty()) return target;
  return target + (target.find('?') == std::string::npos ? "?" : "&") + "after=" + cursor;
}

}  // namespace

LiveHub::LiveHub(ControlLoop& loop, std::string prefix, Ask ask)
    : loop_{loop}, prefix_{std::move(prefix)}, ask_{std::move(ask)} {}

void LiveHub::check_room_for(const std::vector<std::string>& items, const Identity& viewer) const {
  if (streams_.size() >= kMaxStreams) {
    throw Error{ErrorCode::limit_exceeded, "too many viewers watch already", {{"limit", kMaxStreams}}};
  }
  std::set<Question> distinct;
  for (const auto& [id, stream] : streams_) {
    for (const Item& item : stream.items) distinct.insert({item.name, rights_of(stream.viewer.identity)});
  }
  for (const std::string& item : items) distinct.insert({item, rights_of(viewer)});
  if (distinct.size() > kMaxDistinctItems) {
    throw Error{ErrorCode::limit_exceeded, "too many things are watched already", {{"limit", kMaxDistinctItems}}};
  }
}

void LiveHub::open(std::vector<std::string> items, Viewer viewer, net::HttpStream stream) {
  const std::uint64_t id = ++last_id_;
  const Instant now = loop_.now();
  Stream& opened = streams_
                       .emplace(id, Stream{.viewer = std::move(viewer),
                                           .out = std::move(stream),
                                           .items = {},
                                           .next_comment = now + kCommentInterval,
                                           .next_recheck = now + kRecheckInterval})
                       .first->second;
  for (std::string& name : items) opened.items.push_back(Item{.name = std::move(name)});
  // Called on a net thread: the guarded part runs on ours.
  opened.out.on_closed([&loop = loop_, gone = lifeline_.guard([this, id] { close(id); })] { loop.post(gone); });
  // Posted: the routes that are asked run in their own plugins' names, not in that of this request.
  loop_.post(lifeline_.guard([this, id] { ask_for(id); }));
  if (!timer_) timer_ = loop_.every(kInterval, [this] { tick(); });
}

void LiveHub::ask_for(std::uint64_t id) {
  const auto found = streams_.find(id);
  if (found != streams_.end()) ask(questions_of(id, found->second));
}

void LiveHub::tick() {
  std::vector<Question> questions;
  for (auto& [id, stream] : streams_) {
    keep_up(stream);
    std::ranges::move(questions_of(id, stream), std::back_inserter(questions));
  }
  std::erase_if(streams_, [](const auto& entry) { return !entry.second.out.open(); });
  ask(questions);
  stop_if_alone();
}

void LiveHub::keep_up(Stream& stream) {
  const Instant now = loop_.now();
  if (now >= stream.next_recheck) {
    stream.next_recheck = now + kRecheckInterval;
    recheck(stream);
  }
  if (now >= stream.next_comment) {
    stream.next_comment = now + kCommentInterval;
    if (stream.out.queued_bytes() == 0) stream.out.write(admin::kEventStreamComment);
  }
}

void LiveHub::recheck(Stream& stream) {
  Result<Identity, Error> viewer = stream.viewer.recheck();
  if (viewer) {
    stream.viewer.identity = std::move(viewer).value();
    return;
  }
  stream.out.write(admin::server_sent_event("error", envelope(viewer.error())));
  stream.out.end();
}

std::vector<LiveHub::Question> LiveHub::questions_of(std::uint64_t id, Stream& stream) {
  std::vector<Question> fresh;
  if (!stream.out.open()) return fresh;
  const std::string rights = rights_of(stream.viewer.identity);
  for (std::size_t i = 0; i < stream.items.size(); ++i) {
    Item& item = stream.items[i];
    if (loop_.now() < item.not_before || std::exchange(item.waiting, true)) continue;
    Question question{.target = with_cursor(prefix_ + item.name, item.cursor), .rights = rights};
    auto& watchers = pending_[question];
    if (watchers.empty()) fresh.push_back(question);
    watchers.push_back({.stream = id, .item = i});
  }
  return fresh;
}

void LiveHub::ask(const std::vector<Question>& questions) {
  for (const Question& question : questions) {
    const auto pending = pending_.find(question);
    if (pending == pending_.end()) continue;
    // Any of those who wait for it has the rights to it.
    const auto& watchers = pending->second;
    const auto present = std::ranges::find_if(watchers, [&](const Watcher& w) { return streams_.contains(w.stream); });
    if (present == watchers.end()) {
      pending_.erase(pending);
      continue;
    }
    const Identity viewer = streams_.at(present->stream).viewer.identity;
    ask_(question.target, viewer,
         net::HttpResponder{
             lifeline_.guard([this, question](const net::HttpResponse& response) { on_answer(question, response); })});
  }
}

void LiveHub::on_answer(const Question& question, const net::HttpResponse& response) {
  const auto pending = pending_.extract(question);
  if (pending.empty()) return;
  const std::string data = data_of(response);
  const std::uint64_t digest = std::hash<std::string>{}(data);
  const std::string cursor = cursor_of(data);
  for (const Watcher& watcher : pending.mapped()) {
    const auto found = streams_.find(watcher.stream);
    if (found == streams_.end()) continue;
    Stream& stream = found->second;
    Item& item = stream.items[watcher.item];
    item.waiting = false;
    if (is_too_large(response)) item.not_before = loop_.now() + kTooLargeInterval;
    if (!item.sent || item.digest != digest) {
      const std::string event = admin::server_sent_event(item.name, data);
      // Of who is behind nothing is lost: the item is asked for again from where it stood.
      if (stream.out.queued_bytes() + event.size() > kQueueBytes) continue;
      stream.out.write(event);
      stream.next_comment = loop_.now() + kCommentInterval;
      item.digest = digest;
      item.sent = true;
    }
    if (!cursor.empty()) item.cursor = cursor;
  }
}

void LiveHub::close(std::uint64_t id) {
  streams_.erase(id);
  stop_if_alone();
}

void LiveHub::stop_if_alone() {
  if (streams_.empty()) timer_.cancel();
}

}  // namespace sluice
