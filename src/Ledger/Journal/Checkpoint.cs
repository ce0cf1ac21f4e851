using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Decent.Canister.Client;

namespace Decent.Ledger.Journal;

/// <summary>What the books were at a moment: so many records with this root.</summary>
/// <param name="Origin">Name of the books, without spaces.</param>
/// <param name="Size">Leaves of the log.</param>
/// <param name="Root">Root over them, 32 bytes.</param>
/// <param name="At">Business time, UTC.</param>
public sealed record Checkpoint(string Origin, long Size, ReadOnlyMemory<byte> Root, DateTimeOffset At)
{
    private const string TimeForm = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>The signed text: origin, size, root in base64 and time, each on a line.</summary>
    public string Body() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Origin}\n{Size}\n{Convert.ToBase64String(Root.Span)}\ntime {At.UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture)}\n");

    internal static Checkpoint? ParseBody(string body)
    {
        var lines = body.Split('\n');
        if (lines is not [{ Length: > 0 } origin, var size, var root, ['t', 'i', 'm', 'e', ' ', .. var time], ""]
            || !long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var leaves)
            || !DateTimeOffset.TryParseExact(
                time, TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at))
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[MerkleTree.HashLength + 3];
        if (!Convert.TryFromBase64String(root, hash, out var length) || length != MerkleTree.HashLength)
        {
            return null;
        }

        var checkpoint = new Checkpoint(origin, leaves, hash[..length].ToArray(), at);
        return checkpoint.Body() == body ? checkpoint : null;
    }
}

/// <summary>Signs checkpoints with the key of this service.</summary>
public interface ICheckpointSigner
{
    /// <summary>Name of the books and of the key, without spaces.</summary>
    string Origin { get; }

    /// <summary>Public key, DER.</summary>
    ReadOnlyMemory<byte> PublicKeyDer { get; }

    /// <summary>Signature over a message.</summary>
    byte[] Sign(ReadOnlySpan<byte> message);
}

/// <summary>Signs with an identity of this service.</summary>
/// <param name="origin">Name of the books, without spaces and '+'.</param>
/// <param name="identity">Ed25519.</param>
public sealed class IdentityCheckpointSigner(string origin, IIdentity identity) : ICheckpointSigner
{
    /// <inheritdoc />
    public string Origin { get; } = origin.Length > 0 && !origin.Any(c => char.IsWhiteSpace(c) || c == '+')
        ? origin
        : throw new ArgumentException("A name of books has no spaces and no '+'.", nameof(origin));

    /// <inheritdoc />
    public ReadOnlyMemory<byte> PublicKeyDer => identity.PublicKeyDer;

    /// <inheritdoc />
    public byte[] Sign(ReadOnlySpan<byte> message) => identity.Sign(message);
}

/// <summary>
/// A checkpoint as it leaves the house: the body, an empty line, and a line with the key's name and, in base64, four
/// bytes that identify the key followed by the signature over the body (the signed-note form of transparency logs).
/// </summary>
public static class CheckpointNote
{
    private const string Dash = "\u2014 ";

    /// <summary>Signs a checkpoint.</summary>
    public static string Sign(Checkpoint checkpoint, ICheckpointSigner signer)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(signer);
        var body = checkpoint.Body();
        byte[] signature = [.. KeyId(signer.Origin, signer.PublicKeyDer.Span), .. signer.Sign(Encoding.UTF8.GetBytes(body))];
        return $"{body}\n{Dash}{signer.Origin} {Convert.ToBase64String(signature)}\n";
    }

    /// <summary>Reads a note without looking at its signature; null when it has not the form.</summary>
    public static Checkpoint? Read(string note) => Split(note) is { } parts ? Checkpoint.ParseBody(parts.Body) : null;

    /// <summary>Whether a note is signed by a key.</summary>
    /// <param name="note">The note.</param>
    /// <param name="publicKeyDer">Public key, DER.</param>
    public static bool IsSignedBy(string note, ReadOnlySpan<byte> publicKeyDer)
    {
        if (Split(note) is not { } parts || Checkpoint.ParseBody(parts.Body) is not { } checkpoint)
        {
            return false;
        }

        var fields = parts.Signature.Split(' ');
        var signature = new byte[128];
        return fields.Length == 2
            && fields[0] == checkpoint.Origin
            && Convert.TryFromBase64String(fields[1], signature, out var length)
            && length == 4 + 64
            && signature.AsSpan(0, 4).SequenceEqual(KeyId(checkpoint.Origin, publicKeyDer))
            && PublicKeys.Verify(publicKeyDer, Encoding.UTF8.GetBytes(parts.Body), signature.AsSpan(4, 64));
    }

    /// <summary>Splits a file of notes, one after the other, into notes.</summary>
    public static IReadOnlyList<string> SplitFile(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var notes = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var gap = text.IndexOf("\n\n" + Dash, start, StringComparison.Ordinal);
            var end = gap < 0 ? -1 : text.IndexOf('\n', gap + 2);
            notes.Add(end < 0 ? text[start..] : text[start..(end + 1)]);
            start = end < 0 ? text.Length : end + 1;
        }

        return notes;
    }

    private static (string Body, string Signature)? Split(string note)
    {
        var gap = note.IndexOf("\n\n" + Dash, StringComparison.Ordinal);
        return gap < 0 || !note.EndsWith('\n') || note.IndexOf('\n', gap + 2) != note.Length - 1
            ? null
            : (note[..(gap + 1)], note[(gap + 2 + Dash.Length)..^1]);
    }

    // SHA-256(name || 0x0a || 0x01 || raw key), first four bytes; 0x01 says Ed25519.
    private static byte[] KeyId(string name, ReadOnlySpan<byte> publicKeyDer) =>
        SHA256.HashData([.. Encoding.UTF8.GetBytes(name), 0x0a, 0x01, .. publicKeyDer[Math.Max(0, publicKeyDer.Length - 32)..]])[..4];
}
