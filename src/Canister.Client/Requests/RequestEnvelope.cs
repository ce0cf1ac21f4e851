namespace Decent.Canister.Client;

/// <summary>A request as it travels: content, public key, signature and delegations.</summary>
/// <param name="Content">What is asked.</param>
/// <param name="SenderPublicKeyDer">The sender's key in DER; empty when the sender is anonymous.</param>
/// <param name="Signature">Signature over <see cref="SignedMessage" />; empty when the sender is anonymous.</param>
/// <param name="Delegations">From the sender's key to the key that signed; empty when the sender's key signed.</param>
public sealed partial record RequestEnvelope(
    RequestContent Content,
    ReadOnlyMemory<byte> SenderPublicKeyDer,
    ReadOnlyMemory<byte> Signature,
    IReadOnlyList<SignedDelegation> Delegations)
{
    /// <summary>Longest delegation chain.</summary>
    public const int MaximumDelegations = 20;

    /// <summary>Signs content with an identity whose principal is the content's sender.</summary>
    /// <exception cref="ArgumentException">The content names another sender.</exception>
    public static RequestEnvelope Sign(RequestContent content, IIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(identity);
        return content.Sender.Equals(identity.Sender)
            ? new RequestEnvelope(
                content, identity.PublicKeyDer, identity.Sign(MessageFor(content.Id)), identity.Delegations)
            : throw new ArgumentException("The content names another sender than the identity.", nameof(identity));
    }

    /// <summary>The bytes that are signed: domain separator and request id.</summary>
    public byte[] SignedMessage() => MessageFor(Content.Id);

    /// <summary>Writes the envelope: self-described CBOR of definite lengths.</summary>
    public byte[] ToCbor()
    {
        var writer = CborText.Create();
        writer.WriteStartMap(null);
        writer.WriteTextString("content");
        EnvelopeCbor.Write(writer, Content.Fields);
        if (!SenderPublicKeyDer.IsEmpty)
        {
            writer.WriteTextString("sender_pubkey");
            writer.WriteByteString(SenderPublicKeyDer.Span);
            if (Delegations.Count > 0)
            {
                writer.WriteTextString("sender_delegation");
                EnvelopeCbor.Write(writer, Delegations);
            }

            writer.WriteTextString("sender_sig");
            writer.WriteByteString(Signature.Span);
        }

        writer.WriteEndMap();
        return writer.Encode();
    }

    /// <summary>Reads an envelope; says nothing yet about its signature.</summary>
    /// <exception cref="RequestFormatException">Not an envelope, with the reason.</exception>
    public static RequestEnvelope Parse(ReadOnlyMemory<byte> cbor) =>
        CborText.Parse(
            () => EnvelopeCbor.Read(cbor),
            static (why, e) => e as RequestFormatException ?? new RequestFormatException("Not a request: " + why, e));

    private static byte[] MessageFor(RequestId id) => [.. "\u000aic-request"u8, .. id.ToArray()];
}
