export function Logo({ size }: { readonly size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#0f6b5c" />
      <path d="M6 10h13M6 16h20M6 22h9" stroke="#fff" strokeWidth="3.2" strokeLinecap="round" />
    </svg>
  );
}
