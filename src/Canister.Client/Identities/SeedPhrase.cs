using System.Security.Cryptography;
using System.Text;

namespace Decent.Canister.Client;

/// <summary>
/// A recovery phrase of BIP-39 in English and the keys that come from it. Keeps the seed, not the words. Disposing it
/// erases the seed; the identities made from it live on.
/// </summary>
public sealed class SeedPhrase : IDisposable
{
    private const int SeedLength = 64;
    private const int Iterations = 2048;
    private const int BitsPerWord = 11;
    private const uint Hardened = HierarchicalKey.Hardened;

    private readonly byte[] seed;
    private bool disposed;

    private SeedPhrase(byte[] seed, ulong? anchorNumber)
    {
        this.seed = seed;
        AnchorNumber = anchorNumber;
    }

    /// <summary>The number that precedes the words in a phrase of Internet Identity; null when there is none.</summary>
    public ulong? AnchorNumber { get; }

    internal ReadOnlySpan<byte> Seed => seed;

    /// <summary>Reads a phrase.</summary>
    /// <param name="phrase">
    /// 12, 15, 18, 21 or 24 words between white space; a number in front, as Internet Identity writes it, is kept
    /// apart.
    /// </param>
    /// <param name="passphrase">The optional further word; ASCII.</param>
    /// <exception cref="IdentityFormatException">
    /// Not such a phrase. The message names the place of a wrong word, never the word.
    /// </exception>
    public static SeedPhrase Parse(ReadOnlySpan<char> phrase, ReadOnlySpan<char> passphrase = default)
    {
        if (!Ascii.IsValid(passphrase))
        {
            // Others would have to be normalised first, for which a runtime without cultures has no tables.
            throw new IdentityFormatException("A passphrase with other than ASCII characters is not supported.");
        }

        // Never longer than the phrase itself: lower case, single spaces.
        var clean = new char[phrase.Length];
        try
        {
            var length = Clean(phrase, clean, out var words, out var anchor, out var indices);
            CheckSum(indices.AsSpan(0, words));
            Array.Clear(indices);
            return new SeedPhrase(Stretch(clean.AsSpan(0, length), passphrase), anchor);
        }
        finally
        {
            Array.Clear(clean);
        }
    }

    /// <summary>The key dfx, quill and the JavaScript agent derive: secp256k1 at <c>m/44'/223'/0'/0/n</c>.</summary>
    /// <param name="index">Which of the keys; the tools use 0.</param>
    /// <exception cref="ObjectDisposedException">The seed was erased.</exception>
    public Secp256k1Identity ToSecp256k1Identity(uint index = 0)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        using var root = HierarchicalKey.Secp256k1(seed);
        using var key = root.Derive(44 | Hardened, 223 | Hardened, Hardened, 0, index);
        return Secp256k1Identity.FromSecret(key.Secret);
    }

    /// <summary>
    /// The key Internet Identity and the NNS app derive from a recovery phrase: Ed25519 at <c>m/44'/223'/0'/0'/0'</c>.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The seed was erased.</exception>
    public Ed25519Identity ToEd25519Identity()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        using var root = HierarchicalKey.Ed25519(seed);
        using var key = root.Derive(44 | Hardened, 223 | Hardened, Hardened, Hardened, Hardened);
        return Ed25519Identity.FromSeed(key.Secret);
    }

    /// <summary>Erases the seed.</summary>
    public void Dispose()
    {
        disposed = true;
        CryptographicOperations.ZeroMemory(seed);
    }

    /// <summary>Says what this is and nothing of the seed.</summary>
    public override string ToString() => "BIP-39 seed phrase";

    private static int Clean(
        ReadOnlySpan<char> phrase, Span<char> clean, out int words, out ulong? anchor, out int[] indices)
    {
        indices = new int[24];
        words = 0;
        anchor = null;
        var length = 0;
        foreach (var range in phrase.SplitAny(' ', '\t', '\r', '\n'))
        {
            var word = phrase[range];
            if (word.IsEmpty)
            {
                continue;
            }

            if (words == 0 && anchor is null && ulong.TryParse(word, out var number))
            {
                anchor = number;
                continue;
            }

            if (words == indices.Length)
            {
                throw new IdentityFormatException("A seed phrase has at most 24 words.");
            }

            if (words > 0)
            {
                clean[length++] = ' ';
            }

            var lower = clean.Slice(length, word.Length);
            word.ToLowerInvariant(lower);
            indices[words] = Bip39English.IndexOf(lower);
            if (indices[words] < 0)
            {
                throw new IdentityFormatException($"Word {words + 1} of the seed phrase is not in the English list.");
            }

            words++;
            length += word.Length;
        }

        return length;
    }

    private static void CheckSum(ReadOnlySpan<int> indices)
    {
        if (indices.Length is not (12 or 15 or 18 or 21 or 24))
        {
            throw new IdentityFormatException(
                $"A seed phrase has 12, 15, 18, 21 or 24 words, not {indices.Length}.");
        }

        Span<byte> bits = stackalloc byte[((24 * BitsPerWord) + 7) / 8];
        bits.Clear();
        var at = 0;
        foreach (var index in indices)
        {
            for (var bit = BitsPerWord - 1; bit >= 0; bit--, at++)
            {
                bits[at / 8] |= (byte)(((index >> bit) & 1) << (7 - (at % 8)));
            }
        }

        var sumBits = at / 33;
        var entropy = bits[..((at - sumBits) / 8)];
        var sum = SHA256.HashData(entropy)[0] >> (8 - sumBits);
        var stated = bits[entropy.Length] >> (8 - sumBits);
        CryptographicOperations.ZeroMemory(bits);
        if (sum != stated)
        {
            throw new IdentityFormatException("The seed phrase is wrong by its checksum: check words and order.");
        }
    }

    private static byte[] Stretch(ReadOnlySpan<char> words, ReadOnlySpan<char> passphrase)
    {
        var password = new byte[words.Length];
        var salt = new byte["mnemonic"u8.Length + passphrase.Length];
        try
        {
            Encoding.ASCII.GetBytes(words, password);
            "mnemonic"u8.CopyTo(salt);
            Encoding.ASCII.GetBytes(passphrase, salt.AsSpan("mnemonic"u8.Length));
            return Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA512, SeedLength);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
            CryptographicOperations.ZeroMemory(salt);
        }
    }
}
