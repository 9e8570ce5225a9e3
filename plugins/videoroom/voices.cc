#include "voices.h"

#include <algorithm>

namespace sluice::videoroom {

void Voices::hear(const std::string& participant_id, const SpeakerLevel& level) {
  Heard& heard = heard_[participant_id];
  heard.minus_dbov = std::min(heard.minus_dbov, level.minus_dbov);
  heard.voice = heard.voice || level.voice;
}

std::vector<Voice> Voices::voices() const {
  std::vector<Voice> out;
  out.reserve(heard_.size());
  for (const auto& [id, heard] : heard_) {
    out.push_back({.participant_id = id, .minus_dbov = heard.minus_dbov, .voice = heard.voice});
  }
  return out;
}

}  // namespace sluice::videoroom
