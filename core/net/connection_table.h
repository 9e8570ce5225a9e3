#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/socket_address.h"

namespace sluice::net {

/// What a listener can ask of an open connection, from any thread.
class LiveConnection {
 public:
  virtual ~LiveConnection() = default;
  /// Ends the connection in good order.
  virtual void shut_down() = 0;
  /// Ends it now.
  virtual void abort() = 0;
};

/// The open connections of one listener: how many there may be, in all and per address, and the way to end them.
/// Safe from any thread; entered once per connection, not per message.
class ConnectionTable {
 public:
  struct Limits {
    std::size_t total;
    std::size_t per_address;
  };

  /// A place in the table, given back when it is destroyed.
  class Place {
   public:
    Place(Place&& other) noexcept : table_{std::exchange(other.table_, nullptr)}, id_{other.id_} {}
    Place& operator=(Place&&) = delete;
    ~Place();

    /// Names who sits here now. False if the table is closing: the connection must end itself.
    [[nodiscard]] bool take(std::weak_ptr<LiveConnection> connection) const;

   private:
    friend class ConnectionTable;
    Place(ConnectionTable& table, std::uint64_t id) noexcept : table_{&table}, id_{id} {}

    ConnectionTable* table_;
    std::uint64_t id_;
  };

  /// @param open  Kept at the number of places taken.
  ConnectionTable(Limits limits, std::atomic<std::uint64_t>& open) : limits_{limits}, open_{open} {}

  /// Nothing where a limit is reached.
  [[nodiscard]] std::optional<Place> admit(const SocketAddress& remote);
  /// Asks every connection, and each that comes later, to end in good order.
  void shut_down_all();
  void abort_all();
  /// Waits until the table is empty. False if it was not by then.
  [[nodiscard]] bool wait_until_empty(std::chrono::steady_clock::time_point deadline);

 private:
  struct Entry {
    std::string address;
    std::weak_ptr<LiveConnection> connection;
  };

  void leave(std::uint64_t id);
  [[nodiscard]] std::vector<std::shared_ptr<LiveConnection>> snapshot();

  const Limits limits_;
  std::atomic<std::uint64_t>& open_;
  std::mutex mutex_;
  std::condition_variable left_;
  std::uint64_t last_id_ = 0;
  bool closing_ = false;
  std::unordered_map<std::uint64_t, Entry> entries_;
  std::unordered_map<std::string, std::size_t> by_address_;
};

}  // namespace sluice::net
