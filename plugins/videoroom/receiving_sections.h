#pragma once

#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "sluice/json.h"
#include "sluice/media.h"
#include "sluice/sdp.h"

namespace sluice::videoroom {

class Member;
class Subscriptions;
struct Publication;

/// What a client that speaks SDP wants to receive.
struct ReceivingWish {
  bool subscribe = true;
  std::string participant_id;  ///< empty: everybody
};

/// The m-sections in which a client receives. How they follow what is published in the room is for the two kinds:
/// OfferedSections where the client takes offers, SlotSections where it does not.
class ReceivingSections {
 public:
  ReceivingSections(Member& member, Subscriptions& subscriptions) noexcept
      : member_{member}, subscriptions_{subscriptions} {}
  ReceivingSections(const ReceivingSections&) = delete;
  ReceivingSections& operator=(const ReceivingSections&) = delete;
  virtual ~ReceivingSections() = default;

  void want(ReceivingWish wish) { wish_ = std::move(wish); }
  /// Takes over what the client's description says of all sections.
  virtual void follow(Transport& transport, const std::vector<SdpReceiving>& sections) = 0;
  /// Takes over what is published now. @return whether the client must be made an offer.
  virtual bool update(Transport& transport, SdpSession& session) = 0;
  /// Our offer was answered; the client does not take the tracks of these MIDs.
  virtual void settle(std::span<const std::string> /*refused*/) {}
  /// Our offer is void.
  virtual void roll_back() {}

  /// For the next description.
  [[nodiscard]] std::vector<SdpTrack> tracks() const;
  /// `[{mid, producerId, participantId, kind, source, paused}]` of the sections that carry something.
  [[nodiscard]] json::array report() const;
  void drop_all();

 protected:
  struct Section {
    std::string mid;
    MediaKind kind = MediaKind::audio;
    std::string consumer_id;
    std::string producer_id;        // whom it carries; empty: nobody
    std::string stream_id;          // told by a=msid
    bool waits_for_answer = false;  // the client has been offered it
  };

  [[nodiscard]] std::vector<Section>& sections() noexcept { return sections_; }
  [[nodiscard]] Section* find(const std::string& mid) noexcept;
  /// What this client wants to receive, oldest first.
  [[nodiscard]] std::vector<Publication*> wanted() const;
  [[nodiscard]] bool wants(const Publication& publication) const;
  /// Nothing that this client wants any more.
  [[nodiscard]] bool is_over(const std::string& producer_id) const;
  [[nodiscard]] bool is_carried(const std::string& producer_id) const { return carried_.contains(producer_id); }
  /// The section carries this producer from now on; empty: none.
  void carry(Section& section, const std::string& producer_id);
  [[nodiscard]] std::string stream_of(const Publication& publication) const;
  [[nodiscard]] Member& member() const noexcept { return member_; }
  /// Makes the consumer of a new section. @return null: not possible; Error{limit_exceeded}, thrown, ends all attempts.
  Section* add(Transport& transport, const SdpReceiving& section, const Publication* publication, bool paused);
  [[nodiscard]] Consumer* consumer_of(const Section& section) const;
  /// Ends the sections that `ends` says yes to. @return whether there were any.
  template <class Ends>
  bool drop_if(Ends ends) {
    return std::erase_if(sections_, [&](Section& section) {
             if (!ends(section)) return false;
             drop_consumer(section);
             return true;
           }) > 0;
  }

 private:
  void drop_consumer(Section& section);

  Member& member_;
  Subscriptions& subscriptions_;
  ReceivingWish wish_;
  std::unordered_set<std::string> carried_;  // producer ids of sections_
  std::vector<Section> sections_;            // in the order in which they came; at most SdpSession::kMaxSections
};

}  // namespace sluice::videoroom
