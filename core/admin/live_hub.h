#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/control/control_loop.h"
#include "core/net/http_responder.h"
#include "core/net/http_stream.h"
#include "sluice/error.h"
#include "sluice/function.h"
#include "sluice/identity.h"
#include "sluice/lifeline.h"
#include "sluice/result.h"

namespace sluice {

/// What the viewers of a running gateway watch: GET routes that are asked once a second, however many watch them, and
/// whose answers are sent as events where they have changed. Answers are shared among viewers of the same rights only.
/// An answer that takes longer is waited for, not asked for again; one that is too large, which costs the control
/// thread as much as it is large, is asked for seldom. While nobody watches, no timer runs.
///
/// An answer with a member `next` goes on from there: it is asked for with `after=<next>` the next time.
///
/// @note Control thread only.
class LiveHub {
 public:
  static constexpr std::size_t kMaxStreams = 64;
  static constexpr std::size_t kMaxItems = 16;  ///< of one stream
  static constexpr std::size_t kMaxDistinctItems = 128;
  static constexpr std::size_t kMaxAnswerBytes = 1 << 20;
  /// What may wait for one viewer. Who has more to read yet is sent no more until it has read; who reads nothing at all
  /// is dropped by the listener.
  static constexpr std::size_t kQueueBytes = 4 << 20;
  static constexpr Duration kInterval = std::chrono::seconds{1};
  static constexpr Duration kTooLargeInterval = std::chrono::seconds{10};
  static constexpr Duration kCommentInterval = std::chrono::seconds{15};
  static constexpr Duration kRecheckInterval = std::chrono::seconds{10};

  /// Asks a GET route from inside (ControlRoutes::ask).
  using Ask = Function<void(std::string_view target, Identity caller, net::HttpResponder responder)>;
  /// Whether the viewer may still watch, and as whom.
  using Recheck = Function<Result<Identity, Error>()>;

  /// @param prefix  Of the targets: `/admin/v1/` and an item.
  LiveHub(ControlLoop& loop, std::string prefix, Ask ask);

  struct Viewer {
    Identity identity;
    Recheck recheck;
  };
  /// Throws Error{limit_exceeded} if the viewer would be one too many.
  void check_room_for(const std::vector<std::string>& items, const Identity& viewer) const;
  /// Begins to write to `stream`, until it is closed or the viewer's rights end.
  /// @param items  Distinct; at most kMaxItems; each a path below the prefix with its query, percent-encoded.
  void open(std::vector<std::string> items, Viewer viewer, net::HttpStream stream);
  [[nodiscard]] std::size_t stream_count() const noexcept { return streams_.size(); }

 private:
  struct Item {
    std::string name;
    std::string cursor{};    ///< `next` of its last answer
    std::uint64_t digest{};  ///< of what was sent last
    bool sent = false;
    bool waiting = false;  ///< for an answer
    Instant not_before{};  ///< is it asked for again
  };
  struct Stream {
    Viewer viewer;
    net::HttpStream out;
    std::vector<Item> items;
    Instant next_comment;
    Instant next_recheck;
  };
  struct Question {
    std::string target;
    std::string rights;
    auto operator<=>(const Question&) const = default;
  };
  struct Watcher {
    std::uint64_t stream;
    std::size_t item;
  };

  void tick();
  void keep_up(Stream& stream);
  void recheck(Stream& stream);
  /// Adds the questions of a stream to `pending_`.
  /// @return those that nobody waits for yet.
  std::vector<Question> questions_of(std::uint64_t id, Stream& stream);
  void ask(const std::vector<Question>& questions);
  void ask_for(std::uint64_t id);
  void on_answer(const Question& question, const net::HttpResponse& response);
  void close(std::uint64_t id);
  void stop_if_alone();

  ControlLoop& loop_;
  const std::string prefix_;
  Ask ask_;
  std::uint64_t last_id_ = 0;
  std::map<std::uint64_t, Stream> streams_;
  std::map<Question, std::vector<Watcher>> pending_;  // asked, not yet answered
  Timer timer_;
  Lifeline lifeline_;
};

}  // namespace sluice
