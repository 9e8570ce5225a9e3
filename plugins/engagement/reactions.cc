#include "reactions.h"

#include <algorithm>
#include <chrono>

#include "context.h"
#include "sluice/bus.h"
#include "sluice/contracts/engagement.h"

namespace sluice::engagement {

namespace {

/// Without U+FE0F, which asks for the coloured form of a character: some keyboards send it, some do not.
std::string plain(std::string text) {
  constexpr std::string_view kSelector = "\xef\xb8\x8f";
  for (auto at = text.find(kSelector); at != std::string::npos; at = text.find(kSelector)) {
    text.erase(at, kSelector.size());
  }
  return text;
}

}  // namespace

void Reactions::listen() {
  context_.host.bus().on<ParticipantLeft>([this](const ParticipantLeft& e) { rates_.forget(e.participant.id()); });
  context_.host.bus().on<RoomClosed>([this](const RoomClosed& e) { seconds_.erase(&e.room); });
}

json::object Reactions::list() const { return {{"reactions", to_json(context_.options.reactions)}}; }

void Reactions::send(Participant& caller, const SendReaction& request) {
  caller.demand(Permission::react);
  const std::string emoji = known(request.emoji);
  const Options& options = context_.options;
  rates_.demand(caller.id(),
                {.per_second = static_cast<double>(options.reactions_per_second),
                 .burst = static_cast<double>(options.reaction_burst)},
                context_.host.timers().now());
  context_.reactions.add();
  tell(caller, emoji);
  context_.host.bus().publish(ReactionSent{caller, emoji});
}

const std::string& Reactions::known(const std::string& emoji) const {
  const auto& set = context_.options.reactions;
  const auto found = std::ranges::find(set, plain(emoji), plain);
  if (found != set.end()) return *found;
  throw Error{
      ErrorCode::invalid_payload, "emoji: is not one of the reactions that may be sent here", {{"path", "emoji"}}};
}

void Reactions::tell(Participant& caller, const std::string& emoji) {
  Room& room = caller.room();
  Second& second = seconds_[&room];
  if (!second.end) {
    second.end = context_.host.timers().after(std::chrono::seconds{1}, [this, &room] { end_second(room); });
  }
  const std::size_t allowed =
      static_cast<std::size_t>(context_.options.reaction_messages) / std::max<std::size_t>(room.size(), 1);
  if (second.told >= std::max<std::size_t>(allowed, 1)) {
    ++second.untold[emoji];
    return;
  }
  ++second.told;
  room.broadcast("reaction:received", json::object{{"participantId", caller.id()}, {"emoji", emoji}});
}

void Reactions::end_second(Room& room) {
  const auto ended = seconds_.extract(&room);  // it goes when the room does, and its timer with it
  json::array counts;
  for (const auto& [emoji, count] : ended.mapped().untold) {
    counts.push_back(json::object{{"emoji", emoji}, {"count", count}});
  }
  if (!counts.empty()) room.broadcast("reactions:summary", json::object{{"reactions", std::move(counts)}});
}

}  // namespace sluice::engagement
