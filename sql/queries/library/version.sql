-- What the answers about a member's library depend on, as one word: when it
-- is the same, they are the same. Run with the member set.
-- Column: version text.
SELECT version FROM member_library WHERE id = current_member();
