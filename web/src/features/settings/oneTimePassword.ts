// Letters that are not taken for one another when they are read aloud or from paper.
const letters = "abcdefghijkmnpqrstuvwxyz23456789";

/** A password for one sign-in: four groups of five letters, 100 bits. */
export function oneTimePassword(): string {
  const picked = crypto.getRandomValues(new Uint8Array(20));
  const text = Array.from(picked, (byte) => letters[byte % letters.length]).join("");
  return text.replace(/(.{5})(?=.)/g, "$1-");
}
