#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/tap_usage.h"
#include "core/media/engine/media_records.h"
#include "sluice/function.h"
#include "sluice/time.h"

namespace sluice {

/// All that the media engine has, of whatever plugin, for those who run the gateway. Nothing is collected before
/// somebody asks.
///
/// Each question is answered once, with what the workers told within kPatience: later, but at once of an unknown id.
/// @note Control thread only.
class MediaInspector {
 public:
  static constexpr Duration kPatience = std::chrono::seconds{2};
  /// Producers and consumers of one transport that are told with it.
  static constexpr std::size_t kMaxNested = 200;
  /// Questions that wait for the workers at a time; those beyond are answered at once without statistics.
  static constexpr std::size_t kMaxWaiting = 64;

  /// Which ones; an empty name: all.
  struct Selection {
    std::size_t offset = 0;
    std::size_t limit = 50;
    bool newest_first = true;
    std::string plugin{};
    std::string router_id{};
    std::string transport_id{};  ///< of producers and consumers
  };
  template <class Record>
  using Answer = Function<void(media_records::Page<Record>)>;
  /// Missing: there is none of that id.
  template <class Details>
  using DetailsAnswer = Function<void(std::optional<Details>)>;

  virtual ~MediaInspector() = default;
  [[nodiscard]] virtual std::vector<WorkerStats> workers() const = 0;
  /// The open taps of each plugin that has any, by its name.
  [[nodiscard]] virtual std::map<std::string, TapUsage> taps() const { return {}; }

  virtual void transports(const Selection& which, Answer<media_records::TransportRecord> answer) = 0;
  virtual void producers(const Selection& which, Answer<media_records::ProducerRecord> answer) = 0;
  virtual void consumers(const Selection& which, Answer<media_records::ConsumerRecord> answer) = 0;
  virtual void transport(std::string_view id, DetailsAnswer<media_records::TransportDetails> answer) = 0;
  virtual void producer(std::string_view id, DetailsAnswer<media_records::ProducerDetails> answer) = 0;
  virtual void consumer(std::string_view id, DetailsAnswer<media_records::ConsumerDetails> answer) = 0;

  /// Closes it; its plugin hears of it as if the client had. @return false: there is none of that id.
  virtual bool close_transport(std::string_view id) = 0;
  virtual bool close_producer(std::string_view id) = 0;
  /// Throws Error{conflict} for a slot: that goes with its transport.
  virtual bool close_consumer(std::string_view id) = 0;
};

}  // namespace sluice
