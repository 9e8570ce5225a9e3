#include "news.h"

#include <algorithm>
#include <utility>

#include "records.h"
#include "sluice/bus.h"
#include "sluice/contracts/recording.h"
#include "sluice/events.h"
#include "store_task.h"

namespace sluice::recording {

namespace {

void add_once(std::vector<Client*>& clients, Client* client) {
  if (client != nullptr && std::ranges::count(clients, client) == 0) clients.push_back(client);
}

}  // namespace

std::vector<Client*> News::keepers(const Record& record) {
  std::vector<Client*> out;
  if (!record.started_by.empty()) {
    out = context_.host.events().find_clients([&record](const Identity& identity) {
      return identity.tenant == record.tenant && identity.user_id == record.started_by;
    });
  }
  Room* const room = context_.rooms.find(record.tenant, record.room_id);
  if (room == nullptr) return out;
  for (Participant* one : room->participants()) {
    if (is_moderator(one->role()) || one->identity().user_id == record.started_by) add_once(out, one->client());
  }
  return out;
}

void News::progressed(const Record& record, const Progress& progress) {
  const json::object data{{"recordingId", record.id}, {"percent", progress.percent}, {"stage", progress.stage}};
  context_.host.events().broadcast(keepers(record), "recording:status", data);
}

void News::failed(const Record& record) {
  const RecordingView view = addresses_.view(record);
  const json::object data{{"recordingId", record.id}, {"message", view.error.value_or("the recording failed")}};
  context_.host.events().broadcast(keepers(record), "recording:failed", data);
}

void News::ready(const Record& record) {
  const json::object description = to_json(addresses_.view(record)).as_object();
  context_.host.bus().publish(RecordingReady{
      .tenant = record.tenant, .room_id = record.room_id, .recording_id = record.id, .description = description});
  in_store(
      context_, [id = record.id](StoreTransaction& store) { return people_of(store, id); },
      [this, record](const Result<std::set<std::string>, Error>& people) {
        if (people) send_ready(record, *people);
      });
}

// Each gets an address of its own.
void News::send_ready(const Record& record, const std::set<std::string>& people) {
  const auto concerned = [&](const Identity& identity) {
    return identity.tenant == record.tenant &&
           (people.contains(identity.user_id) || identity.user_id == record.started_by);
  };
  std::vector<std::pair<Client*, Identity>> listeners;
  for (Client* client : context_.host.events().find_clients(concerned)) {
    listeners.emplace_back(client, client->identity());
  }
  // Who came back as a guest has a client of another name.
  if (Room* const room = context_.rooms.find(record.tenant, record.room_id)) {
    for (Participant* one : room->participants()) {
      const bool known = std::ranges::count(listeners, one->client(), [](const auto& it) { return it.first; }) != 0;
      if (one->client() != nullptr && !known && concerned(one->identity())) {
        listeners.emplace_back(one->client(), one->identity());
      }
    }
  }
  for (const auto& [client, identity] : listeners) {
    const RecordingView view = addresses_.view(record, identity);
    client->send("recording:ready", json::object{{"recordingId", record.id},
                                                 {"url", view.url.value_or("")},
                                                 {"thumbnail", to_json(view.thumbnail_url)},
                                                 {"duration", view.duration_seconds}});
  }
}

}  // namespace sluice::recording
