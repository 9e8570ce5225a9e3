#pragma once

#include <map>
#include <string>
#include <vector>

#include "requests.h"
#include "sluice/sdp.h"

namespace sluice::videoroom {

class Publications;

/// The m-sections in which a client sends, and the publications that they have become.
class SendingSections {
 public:
  using Sources = std::map<std::string, MediaSource>;  // by MID

  explicit SendingSections(Publications& publications) noexcept : publications_{publications} {}

  /// Publishes what is new, and closes what the client does not send any more. What it throws (whatever `produce` is
  /// refused for) leaves everything as it was, but for sections that changed their streams: these have ended.
  void follow(Transport& transport, const std::vector<SdpSending>& sections, const Sources& sources);
  /// The MIDs in which something is received.
  [[nodiscard]] std::vector<std::string> accepted() const;
  void close_all();

 private:
  [[nodiscard]] bool is_published(const std::string& mid) const;
  void close_changed(const std::vector<SdpSending>& sections);
  [[nodiscard]] std::vector<std::string> ended(const std::vector<SdpSending>& sections) const;

  Publications& publications_;
  /// MID to producer id. Also of producers that have ended on our side: their section is not published again until the
  /// client has stopped sending in it.
  std::map<std::string, std::string> producers_;
};

}  // namespace sluice::videoroom
