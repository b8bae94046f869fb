-- Waits for the member's import that is running, then keeps others waiting.
SELECT id FROM member WHERE id = current_member() FOR NO KEY UPDATE;
