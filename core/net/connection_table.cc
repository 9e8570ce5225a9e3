#include "core/net/connection_table.h"

#include "core/net/rate_limiter.h"

namespace sluice::net {

ConnectionTable::Place::~Place() {
  if (table_ != nullptr) table_->leave(id_);
}

bool ConnectionTable::Place::take(std::weak_ptr<LiveConnection> connection) const {
  const std::lock_guard lock{table_->mutex_};
  table_->entries_.at(id_).connection = std::move(connection);
  return !table_->closing_;
}

std::optional<ConnectionTable::Place> ConnectionTable::admit(const SocketAddress& remote) {
  std::string address = limit_key(remote);
  const std::lock_guard lock{mutex_};
  if (entries_.size() >= limits_.total) return std::nullopt;
  std::size_t& of_address = by_address_[address];
  if (of_address >= limits_.per_address) return std::nullopt;
  ++of_address;
  entries_.emplace(++last_id_, Entry{.address = std::move(address), .connection = {}});
  ++open_;
  return Place{*this, last_id_};
}

void ConnectionTable::leave(std::uint64_t id) {
  const std::lock_guard lock{mutex_};
  const auto entry = entries_.find(id);
  const auto of_address = by_address_.find(entry->second.address);
  if (--of_address->second == 0) by_address_.erase(of_address);
  entries_.erase(entry);
  --open_;
  left_.notify_all();
}

std::vector<std::shared_ptr<LiveConnection>> ConnectionTable::snapshot() {
  std::vector<std::shared_ptr<LiveConnection>> connections;
  const std::lock_guard lock{mutex_};
  connections.reserve(entries_.size());
  for (const auto& [id, entry] : entries_) {
    if (auto connection = entry.connection.lock()) connections.push_back(std::move(connection));
  }
  return connections;
}

void ConnectionTable::shut_down_all() {
  {
    const std::lock_guard lock{mutex_};
    closing_ = true;
  }
  for (const auto& connection : snapshot()) connection->shut_down();
}

void ConnectionTable::abort_all() {
  for (const auto& connection : snapshot()) connection->abort();
}

bool ConnectionTable::wait_until_empty(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock{mutex_};
  return left_.wait_until(lock, deadline, [this] { return entries_.empty(); });
}

}  // namespace sluice::net
