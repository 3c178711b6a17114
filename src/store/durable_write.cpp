#include "store/durable_write.hpp"

#include <cerrno>
#include <utility>

namespace berth {

namespace fs = std::filesystem;

fs::path staged_file::temporary(const fs::path& target) {
    return target.parent_path() / ("." + target.filename().native() + ".tmp");
}

staged_file::staged_file(staged_file&& other) noexcept
    : files_(std::exchange(other.files_, nullptr)), target_(std::move(other.target_)), in_place_(other.in_place_),
      facts_(other.facts_) {}

staged_file::~staged_file() {
    if (files_ && !in_place_)
        (void)files_->unlink(temporary(target_)); // if even this fails, the next write takes it away
}

result<staged_file> staged_file::stage(file_system& files, fs::path target, std::string_view text) {
    staged_file staged(files, std::move(target));
    if (auto written = staged.write(text); !written)
        return written.error();
    return staged;
}

result<> staged_file::write(std::string_view text) {
    auto path = temporary(target_);
    auto file = files_->create(path);
    if (!file && file.error().value() == EEXIST) { // a crash left it
        (void)files_->unlink(path);
        file = files_->create(path);
    }
    if (!file)
        return storage_error("create", path, file.error());

    auto failure = keep_mode(*file);
    while (!text.empty() && !failure) {
        if (auto n = files_->write(*file, text))
            text.remove_prefix(*n);
        else
            failure = n.error();
    }
    if (!failure)
        failure = files_->sync(*file).error();
    if (!failure) {
        if (auto facts = files_->look(*file))
            facts_ = *facts;
        else
            failure = facts.error();
    }
    auto closed = files_->close(*file);
    if (!failure)
        failure = closed.error();
    if (failure)
        return storage_error("write", path, failure);
    return {};
}

/// The text may be meant for few eyes, so before there is any.
boost::system::error_code staged_file::keep_mode(int file) {
    auto before = files_->look(target_);
    if (!before) // none: it is new
        return before.error().value() == ENOENT ? boost::system::error_code() : before.error();
    auto fresh = files_->look(file);
    if (!fresh || fresh->mode == before->mode)
        return fresh.error();
    return files_->set_mode(file, before->mode).error();
}

result<> staged_file::commit() {
    if (auto renamed = files_->rename(temporary(target_), target_); !renamed)
        return storage_error("write", target_, renamed.error());
    in_place_ = true;
    if (auto synced = files_->sync_folder(target_.parent_path()); !synced)
        return storage_error("sync the folder", target_.parent_path(), synced.error());
    return {};
}

result<> durable_write(file_system& files, const fs::path& target, std::string_view text) {
    auto staged = staged_file::stage(files, target, text);
    if (!staged)
        return staged.error();
    return staged->commit();
}

result<> link_or_copy(file_system& files, const fs::path& from, const fs::path& to, std::string_view text) {
    if (files.link(from, to))
        return {};
    return durable_write(files, to, text);
}

void remove_unfinished(file_system& files, const fs::path& folder) {
    auto names = files.list(folder);
    if (!names) // at the next start, then
        return;
    for (auto& name : *names)
        if (name.starts_with('.') && name.ends_with(".tmp"))
            (void)files.unlink(folder / name);
}

} // namespace berth
