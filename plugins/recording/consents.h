#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::recording {

/// Who of a room has said what, where everybody is asked.
class Consents {
 public:
  using Answer = std::optional<bool>;  ///< nothing: not yet

  /// Comes in, and has not said anything. Whoever is known stays so.
  void ask(const std::string& participant) { answers_.try_emplace(participant); }
  void answer(const std::string& participant, bool accepted) { answers_[participant] = accepted; }
  void forget(const std::string& participant) { answers_.erase(participant); }
  [[nodiscard]] bool waits_for(const std::string& participant) const {
    const auto found = answers_.find(participant);
    return found != answers_.end() && !found->second;
  }
  [[nodiscard]] const std::map<std::string, Answer>& all() const noexcept { return answers_; }

 private:
  std::map<std::string, Answer> answers_;  // by participant id: as many as there are participants
};

}  // namespace sluice::recording
